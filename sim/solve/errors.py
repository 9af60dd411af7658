"""What a solver says when it cannot go on."""


class SolverFailure(Exception):
    """One attempt failed; whoever called may retry with a smaller step."""


class Interrupted(Exception):
    """The user asked to stop; the last accepted state stands."""


class SolverGaveUp(Exception):
    """No attempt is left; the message names what, when and the last norms, and what to try (exit code 3)."""
