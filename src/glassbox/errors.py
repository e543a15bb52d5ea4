"""Errors that a reader of the page may see."""

from typing import Any


class GlassboxError(Exception):
    """A failure with a stable code (docs/seams.md lists them), one plain line, and facts for whoever wants more.

    ``detail["reason"]`` names a sentence of the page's translations (``problem_reason`` in web/i18n), which takes the
    other facts; without it the page shows the line as it is.
    """

    def __init__(self, code: str, message: str, detail: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.detail = detail

    def as_dict(self) -> dict[str, Any]:
        """The error as it crosses to JavaScript: ``{code, message, detail}``."""
        return {"code": self.code, "message": self.message, "detail": self.detail}
