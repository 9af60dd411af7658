"""Virtual experiments: what an experimenter would do to a cell, done to the model through its one residual."""
