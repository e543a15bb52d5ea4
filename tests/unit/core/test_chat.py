"""Chat templates: rendered as transformers does, in a sandbox, with clear words where they fail."""

from typing import Any

import pytest

from glassbox.chat import ChatTemplate
from glassbox.errors import GlassboxError

SMOLLM2 = (
    "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
    "{{ '<|im_start|>system\nYou are a helpful AI assistant named SmolLM<|im_end|>\n' }}{% endif %}"
    "{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
HELLO = {"role": "user", "content": "Hello"}


def test_a_conversation_stands_between_the_models_markers() -> None:
    said = [HELLO, {"role": "assistant", "content": "Hi"}, {"role": "user", "content": "{{ 7 * 7 }} <b>"}]
    assert ChatTemplate(SMOLLM2).render(said) == (
        "<|im_start|>system\nYou are a helpful AI assistant named SmolLM<|im_end|>\n"
        "<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\nHi<|im_end|>\n"
        "<|im_start|>user\n{{ 7 * 7 }} <b><|im_end|>\n<|im_start|>assistant\n"
    )


def test_what_templates_are_written_for_is_there() -> None:
    source = (
        "{{ bos_token }}\n  {% for m in messages %}{% if loop.index0 > 0 %}{% break %}{% endif %}"
        "{{ m | tojson }}{% endfor %}{{ eos_token }}{{ strftime_now('%Y') | length }}"
    )
    assert ChatTemplate(source, "<s>", "</s>").render([HELLO, HELLO]) == (
        '<s>\n{"role": "user", "content": "Hello"}</s>4'
    )


@pytest.mark.parametrize(
    "source",
    [
        "{% for %}",
        "{{ raise_exception('only two roles') }}",
        "{{ messages[0].content.nothing.more }}",
        "{{ messages.append(1) }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ 1 / 0 }}",
        "{% include 'secret' %}",
        "{{ range(10000000) | list }}",
    ],
)
def test_a_template_that_fails_or_reaches_out_is_refused(source: str) -> None:
    with pytest.raises(GlassboxError) as caught:
        ChatTemplate(source).render([HELLO])
    assert caught.value.code == "bad_template"


@pytest.mark.parametrize("message", [{}, {"role": "king", "content": ""}, {"role": "user", "content": 3}])
def test_messages_have_a_role_and_a_text(message: dict[str, Any]) -> None:
    with pytest.raises(GlassboxError) as caught:
        ChatTemplate("").render([message])
    assert caught.value.code == "bad_option"
