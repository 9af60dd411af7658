"""The simulator and its peers side by side: seconds, errors, memory (`./sim.sh python -m benchmarks --help`)."""
