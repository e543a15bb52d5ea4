"""A reader's version of ``sampling_rules.py`` or ``attention.py``, run on real inputs in place of the page's own.

What it gives back is checked before anything is drawn of it: a mistake has a reason, for which the page has words
(``workbench.mistake`` in web/i18n), a line, and what Python itself says.
"""

import contextlib
import io
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import CodeType, ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from glassbox.sampling import SamplingOptions, cut, ranking
from glassbox.sampling_steps import sampling_steps

# What a traceback says a line is of.
FILE = "<your version>"
# More than this is not passed on: a page that shows a million lines no longer answers.
MOST_PRINTED = 8_000
# So many lines are passed on one by one, so that what was printed before a loop without an end is seen; then by so many
# characters, since each time is a message.
_SINGLE_LINES = 100
_BATCH = 500
# Sums of fp32 numbers over the largest vocabulary and the longest text miss 1 by less.
SUM_TOLERANCE = 1e-4

Reply = dict[str, Any]
Report = Callable[[str, bool], None]


class MistakeError(Exception):
    """Why there is nothing to draw. facts: what the reason's sentence is filled in with."""

    def __init__(self, reason: str, line: int | None = None, python: str = "", **facts: Any) -> None:
        super().__init__(reason)
        self.reason, self.line, self.python, self.facts = reason, line, python, facts

    def as_dict(self) -> Reply:
        """``{reason, line, python, facts}``; line counts from 1, None where it has none."""
        return {"reason": self.reason, "line": self.line, "python": self.python, "facts": self.facts}


class Printed(io.TextIOBase):
    """Passes on what is printed as it comes, up to a limit; then once more, saying that there was more."""

    def __init__(self, report: Report, limit: int = MOST_PRINTED) -> None:
        self._report, self._left, self._waiting, self._is_cut = report, limit, "", False
        self._n_reports = 0

    def write(self, text: str) -> int:
        """Take in printed text."""
        is_cut = len(text) > self._left and not self._is_cut
        self._is_cut = self._is_cut or is_cut
        self._waiting += text[: self._left]
        self._left -= min(len(text), self._left)
        is_due = len(self._waiting) >= _BATCH or (self._n_reports < _SINGLE_LINES and "\n" in text)
        if is_cut or (self._waiting and is_due):
            self._pass_on(is_cut)
        return len(text)

    def finish(self) -> None:
        """Pass on a last line without an end."""
        if self._waiting:
            self._pass_on(False)

    def _pass_on(self, is_cut: bool) -> None:
        self._report(self._waiting, is_cut)
        self._waiting = ""
        self._n_reports += 1


def run_version(kind: str, source: str, given: Mapping[str, Any], report: Report) -> Reply:
    """Run a source: ``{"figure": …, "mistake": None}``, or ``figure`` None and the mistake.

    kind: ``sampling`` or ``attention``, whose function here says what is given and drawn. report: gets what is printed,
    and whether that was cut short.
    """
    printed = Printed(report)
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            return {"figure": _KINDS[kind](_Edited(source), given), "mistake": None}
        except MistakeError as mistake:
            return {"figure": None, "mistake": mistake.as_dict()}
        finally:
            printed.finish()


def _sampling(edited: "_Edited", given: Mapping[str, Any]) -> Reply:
    """From ``logits`` and ``token_ids`` [vocab_size], best first, and ``options``: ``steps`` of the likeliest
    ``count`` tokens (see ``sampling_steps``), and which rules were ``called``."""
    ranked = ranking(np.array(given["logits"], np.float32))
    ranked = replace(ranked, token_ids=np.asarray(given["token_ids"], np.int64)[ranked.token_ids])
    called: list[str] = []

    def rule(name: str, check: Callable[[str, Any, int], Any]) -> Callable[..., Any]:
        edited.find(name)

        def checked(*arguments: Any) -> Any:
            called.append(name)
            result = edited.call(name, *arguments)
            with edited.blaming(name):
                return check(name, result, len(arguments[0]))

        return checked

    rules = SimpleNamespace(
        divide=rule("divide", _logits),
        softmax=rule("softmax", lambda name, result, size: _shares(name, result, (size,))),
        renormalise=rule("renormalise", lambda name, result, size: _shares(name, result, (size,))),
        **{name: rule(name, _count) for name in ("top_k", "top_p", "min_p")},
    )
    choices = cut(ranked, SamplingOptions.from_dict(given["options"]), rules)
    with np.errstate(all="ignore"):
        steps = sampling_steps(choices, int(given["count"]))
    return {"steps": steps, "called": sorted(set(called))}


def _attention(edited: "_Edited", given: Mapping[str, Any]) -> Reply:
    """From ``query``, ``key``, ``value`` [n_tokens * d_head] and ``n_tokens``: ``pattern`` [query, key] and
    ``output`` [token, d_head], flat, with their shapes."""
    n_tokens = int(given["n_tokens"])
    parts = [np.array(given[name], np.float32).reshape(n_tokens, -1) for name in ("query", "key", "value")]
    result = edited.call("attention", *parts)
    with edited.blaming("attention"):
        if not isinstance(result, tuple | list) or len(result) != 2:
            raise MistakeError("nothing" if result is None else "no_pair", got=_kind_of(result))
        pattern = _shares("attention", result[0], (n_tokens, n_tokens))
        output = _numbers("attention", result[1], parts[2].shape)
        if not np.isfinite(output).all():
            raise MistakeError("not_finite")
    return {
        name: {"data": np.ascontiguousarray(array, np.float32).ravel(), "shape": list(array.shape)}
        for name, array in (("pattern", pattern), ("output", output))
    }


_KINDS: Mapping[str, Callable[["_Edited", Mapping[str, Any]], Reply]] = {"sampling": _sampling, "attention": _attention}


class _Edited:
    """A source that has been run, and its functions."""

    def __init__(self, source: str) -> None:
        self._module = ModuleType("your_version")
        try:
            code: CodeType = compile(source, FILE, "exec")
        except SyntaxError as error:
            raise MistakeError("syntax", error.lineno, _said(error)) from error
        except ValueError as error:
            raise MistakeError("syntax", None, _said(error)) from error
        self._run(None, lambda: exec(code, self._module.__dict__))

    def find(self, name: str) -> Any:
        """A function by its name. Raises ``missing``."""
        function = getattr(self._module, name, None)
        if not callable(function):
            raise MistakeError("missing", name=name)
        return function

    def call(self, name: str, *arguments: Any) -> Any:
        """Call a function with copies: what it changes in place is nobody else's."""
        function = self.find(name)
        copies = [argument.copy() if isinstance(argument, np.ndarray) else argument for argument in arguments]
        return self._run(name, lambda: function(*copies))

    @contextlib.contextmanager
    def blaming(self, name: str) -> Iterator[None]:
        """A mistake in what a function gives back is put down to the line where it begins."""
        try:
            yield
        except MistakeError as mistake:
            mistake.line = self._line_of(name)
            mistake.facts = {"name": name, **mistake.facts}
            raise

    def _run(self, name: str | None, work: Callable[[], Any]) -> Any:
        try:
            return work()
        except (Exception, SystemExit, KeyboardInterrupt) as error:
            lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == FILE]
            # A wrong number of arguments fails before the function's first line.
            line = lines[-1] if lines else self._line_of(name)
            raise MistakeError("raised", line, _said(error), type=_known_type(error)) from error

    def _line_of(self, name: str | None) -> int | None:
        code = getattr(getattr(self._module, name or "", None), "__code__", None)
        return code.co_firstlineno if code is not None and code.co_filename == FILE else None


def _logits(name: str, result: Any, size: int) -> np.ndarray:
    """Numbers, minus infinity for tokens that cannot come; those must be the last."""
    logits = _numbers(name, result, (size,)).astype(np.float64)
    if (logits == np.inf).any():
        raise MistakeError("infinite")
    finite = np.isfinite(logits)
    if not finite[0] or (np.diff(finite.astype(np.int8)) > 0).any():
        raise MistakeError("not_beginning")
    return logits


def _shares(name: str, result: Any, shape: tuple[int, ...]) -> np.ndarray:
    """Probabilities that sum to 1 along the last axis."""
    shares = _numbers(name, result, shape).astype(np.float64)
    if (shares < 0).any():
        raise MistakeError("negative", got=float(shares.min()))
    sums = np.atleast_1d(shares.sum(axis=-1))
    worst = int(np.abs(sums - 1).argmax())
    if abs(sums[worst] - 1) > SUM_TOLERANCE:
        raise MistakeError("row_sum" if len(shape) > 1 else "sum", got=float(sums[worst]), row=worst + 1)
    return shares


def _count(name: str, result: Any, size: int) -> int:
    """How many are kept: a whole number from 1 on."""
    if isinstance(result, np.ndarray) and result.ndim == 0:
        result = result.item()
    is_number = isinstance(result, int | float | np.integer | np.floating) and not isinstance(result, bool)
    if not is_number or result % 1 != 0:
        raise MistakeError("nothing" if result is None else "not_whole", got=_kind_of(result))
    if not 1 <= result <= size:
        raise MistakeError("range", got=int(result), most=size)
    return int(result)


def _numbers(name: str, result: Any, shape: tuple[int, ...]) -> np.ndarray:
    """An array of numbers of that shape, none of them undefined."""
    if result is None:
        raise MistakeError("nothing")
    if not isinstance(result, np.ndarray) or result.dtype.kind not in "fiub":
        raise MistakeError("not_array", got=_kind_of(result))
    if result.shape != shape:
        raise MistakeError("shape", expected=str(list(shape)), got=str(list(result.shape)))
    if (undefined := int(np.isnan(result).sum())) > 0:
        raise MistakeError("nan", amount=undefined)
    return result


def _kind_of(value: Any) -> str:
    """What a value is, as Python names it; a number as itself."""
    if isinstance(value, np.ndarray):
        return f"array of {value.dtype}" if value.dtype.kind not in "fiub" else f"array {list(value.shape)}"
    return repr(value) if isinstance(value, int | float | np.number) else type(value).__name__


def _said(error: BaseException) -> str:
    """The last line of a traceback, cut where it is endless."""
    line = traceback.format_exception_only(error)[-1].strip()
    return line if len(line) <= 300 else f"{line[:300]}…"


# Those for which the page has words of its own; what is of several is named by the first.
_TYPES = (
    ("NameError", NameError),
    ("ImportError", ImportError),
    ("AttributeError", AttributeError),
    ("IndexError", IndexError),
    ("KeyError", KeyError),
    ("ZeroDivisionError", ZeroDivisionError),
    ("RecursionError", RecursionError),
    ("MemoryError", MemoryError),
    ("ValueError", ValueError),
    ("TypeError", TypeError),
)


def _known_type(error: BaseException) -> str:
    return next((name for name, kind in _TYPES if isinstance(error, kind)), "other")
