"""A conversation as the text that a chat model reads: the model's own Jinja template, rendered in a sandbox."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from glassbox.errors import GlassboxError

ROLES = ("system", "user", "assistant")

Message = Mapping[str, Any]


@dataclass(frozen=True)
class ChatTemplate:
    """A model's template, and the marks that it may ask for by name."""

    source: str
    bos_token: str = ""
    eos_token: str = ""

    def render(self, messages: Sequence[Message]) -> str:
        """The text up to where the model's own next message begins.

        messages: ``{role, content}`` each, role one of ``ROLES``. Settings and functions are those that templates are
        written for (``apply_chat_template`` in transformers). Raises ``bad_option`` for other messages and
        ``bad_template`` where the template fails.

        >>> source = "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}{{ '<assistant>' }}"
        >>> ChatTemplate(source).render([{"role": "user", "content": "Hello"}])
        '<user>Hello<assistant>'
        """
        # The page has it only where somebody chats (docs/seams.md, chat.zip).
        from jinja2 import TemplateError
        from jinja2.ext import loopcontrols
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        def fail(message: str) -> None:
            raise TemplateError(message)

        checked = [_checked(message) for message in messages]
        environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols])
        environment.globals |= {"raise_exception": fail, "strftime_now": lambda form: datetime.now().strftime(form)}
        # Jinja's own writes for HTML: it turns < into \u003c and puts keys in order.
        environment.filters["tojson"] = lambda value, **how: json.dumps(value, **{"ensure_ascii": False, **how})
        marks = {"bos_token": self.bos_token, "eos_token": self.eos_token}
        try:
            return environment.from_string(self.source).render(messages=checked, add_generation_prompt=True, **marks)
        # Templates are programs, and fail in as many ways.
        except Exception as error:
            raise GlassboxError(
                "bad_template",
                f"The model's chat template failed: {error}. Write the text itself, with the model's markers.",
            ) from error


def _checked(message: Message) -> dict[str, str]:
    role, content = message.get("role"), message.get("content")
    if role not in ROLES or not isinstance(content, str):
        raise GlassboxError("bad_option", f"A message has a role ({', '.join(ROLES)}) and a content that is text.")
    return {"role": str(role), "content": content}
