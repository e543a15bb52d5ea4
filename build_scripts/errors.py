"""What can go wrong while building, in one line for the person at the keyboard."""


class BuildError(Exception):
    """A failure with its cause and mend in the message."""
