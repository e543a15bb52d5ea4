"""What can be wrong with a checkpoint or its destination, in one line for the person at the keyboard."""


class ExportError(Exception):
    """A failure with its cause and mend in the message."""
