"""Writes short exercises, each of a kind that teaches one behaviour. Seeded; held-out items never appear in training.

An item is a text with a prompt and an answer. Where the answer is a choice (is or are, Mary or John), ``wrong`` names
what it is chosen from. Whether an item is held out depends on its prompt alone, so no prompt is on both sides.
Repeated random tokens, which need no text, are made in batches.py.
"""

import random
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from model_export.starter import words
from model_export.starter.everyday import everyday_text

HELD_OUT_ONE_IN = 10


@dataclass(frozen=True)
class Item:
    """``prompt + answer + rest`` is the text; ``answer`` and ``wrong`` begin with their space, if they have one."""

    kind: str
    prompt: str
    answer: str
    rest: str = "."
    wrong: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What the model reads."""
        return self.prompt + self.answer + self.rest

    @property
    def is_held_out(self) -> bool:
        """Kept from training."""
        return zlib.crc32(self.prompt.encode()) % HELD_OUT_ONE_IN == 0


Draw = random.Random


def _person(draw: Draw) -> str:
    return draw.choice(words.GIRLS + words.BOYS)


def _two_people(draw: Draw) -> list[str]:
    return draw.sample(words.GIRLS + words.BOYS, 2)


def _made_up_name(draw: Draw) -> str:
    return "".join(draw.sample(words.SYLLABLES, draw.choice((2, 3)))).capitalize()


def _plural(noun: str) -> str:
    if noun == "shelf":
        return "shelves"
    return noun + ("es" if noun.endswith(("x", "sh", "ch")) else "s")


def names(draw: Draw) -> Item:
    """A made-up name comes back: its second half follows from its first."""
    first, last = _made_up_name(draw), _made_up_name(draw)
    place, thing = draw.choice(words.PLACES), draw.choice(words.GIFTS)
    middle = draw.choice(
        (
            f"{first} {last} went to the {place} to buy {words.with_article(thing)}. When it was late,",
            f"Once there was a person called {first} {last} who lived near the {place}. Everyone liked",
            f"This {thing} belongs to {first} {last}. Please give it back to",
            f"I met {first} {last} at the {place}. I said hello to",
        )
    )
    return Item("names", f"{middle} {first}", f" {last}", draw.choice((" again.", ".", f" and the {thing}.")))


def indirect_object(draw: Draw) -> Item:
    """Who gets the gift: the one of two people who does not give it."""
    first, second = _two_people(draw)
    giver, receiver = draw.choice(((first, second), (second, first)))
    place, gift = draw.choice(words.PLACES), draw.choice(words.GIFTS)
    start = draw.choice(
        (
            f"When {first} and {second} went to the {place},",
            f"Then, {first} and {second} went to the {place}, and",
            f"While {first} and {second} were at the {place},",
            f"After {first} and {second} came back from the {place},",
        )
    )
    verb = draw.choice(("gave", "handed", "passed"))
    return Item(
        "indirect_object", f"{start} {giver} {verb} {words.with_article(gift)} to", f" {receiver}", wrong=(f" {giver}",)
    )


def agreement(draw: Draw) -> Item:
    """The verb agrees with its subject, not with the nearest noun."""
    subject, other = draw.choice(words.THINGS), draw.choice(words.SPOTS)
    many, other_many = draw.random() < 0.5, draw.random() < 0.5
    joint = draw.choice(("to", "near", "behind", "next to", "in front of", "beside"))
    head = _plural(subject) if many else subject
    near = _plural(other) if other_many else other
    right, wrong = draw.choice(((" are", " is"), (" were", " was"), (" have", " has")))
    if not many:
        right, wrong = wrong, right
    ending = f" been {draw.choice(words.COLOURS)}." if "ha" in right else f" {draw.choice(words.COLOURS)}."
    article = draw.choice(("The", "The", "My" if many else "This"))
    return Item("agreement", f"{article} {head} {joint} the {near}", right, ending, (wrong,))


def brackets(draw: Draw) -> Item:
    """What was opened is closed, the inner one first."""
    pairs = {" (": ")", " [": "]", ' "': '"', " {": "}"}
    inside = " ".join(draw.choices(words.ANIMALS + words.COLOURS, k=draw.randint(1, 4)))
    outer = draw.choice(list(pairs))
    prompt = f"{draw.choice(words.THINGS)}{outer}{inside}"
    others = tuple(closer for closer in pairs.values() if closer != pairs[outer])
    if draw.random() < 0.5:
        return Item("brackets", prompt, pairs[outer], f" {draw.choice(words.THINGS)}", others)
    inner = draw.choice([opener for opener in pairs if opener != outer])
    more = " ".join(draw.choices(words.FOODS, k=draw.randint(1, 2)))
    others = tuple(closer for closer in pairs.values() if closer != pairs[inner])
    # A word between the closers: two closers in a row would be one token.
    rest = f" {draw.choice(words.COLOURS)}{pairs[outer]}"
    return Item("brackets", f"{prompt}{inner}{more}", pairs[inner], rest, others)


def quotations(draw: Draw) -> Item:
    """Speech begins and ends with quotation marks."""
    name, place, food = _person(draw), draw.choice(words.PLACES), draw.choice(words.FOODS)
    said = draw.choice((f"I like {food}", f"Let us go to the {place}", f"I am {draw.choice(words.FEELINGS)} today"))
    prompt = draw.choice((f'{name} said, "{said}', f'"Hello," said {name}. "{said}', f'{name} looked up. "{said}'))
    return Item("quotations", prompt, '."', f" Then {name} smiled.", (".", ","))


def series(draw: Draw) -> Item:
    """Numbers, days, months and letters in their order."""
    row, joint = draw.choice(
        (
            (tuple(words.NUMBERS), ", "),
            (tuple(str(number) for number in range(1, 60)), ", "),
            (tuple(str(number) for number in range(2, 61, 2)), ", "),
            (tuple(words.DAYS) * 2, ", "),
            (tuple(words.MONTHS) * 2, ", "),
            (words.LETTERS, draw.choice((" ", ", "))),
        )
    )
    length = draw.randint(4, 8)
    start = draw.randrange(len(row) - length + 1)
    part = row[start : start + length]
    place = draw.randint(3, length - 1)
    return Item(
        "series", joint.join(part[:place]) + joint.rstrip(), f" {part[place]}",
        "".join(joint + word for word in part[place + 1 :]),
    )  # fmt: skip


def facts(draw: Draw) -> Item:
    """Statements with fixed answers, worded in several ways."""
    statement, _, answer = draw.choice(words.FACTS)
    lower = statement[0].lower() + statement[1:]
    name = _person(draw)
    prompt = draw.choice(
        (
            f"{statement}", f"{name} knows that {lower}", f"{name} told us that {lower}", f"We learned that {lower}",
            f"Every child knows that {lower}", f"At school {name} learned that {lower}",
        )
    )  # fmt: skip
    return Item("facts", prompt, f" {answer}")


def questions(draw: Draw) -> Item:
    """Short questions with their answers."""
    _, question, answer = draw.choice(words.FACTS)
    name, other = _two_people(draw)
    food, gift = draw.choice(words.FOODS), words.with_article(draw.choice(words.GIFTS))
    if draw.random() < 0.6:
        lead = draw.choice(("Q:", f"{name} asked:", f"Question from {name}:", "Question:"))
        follow = "A:" if lead == "Q:" else "Answer:"
        return Item("questions", f"{lead} {question}\n{follow}", f" {answer}")
    return draw.choice(
        (
            Item("questions", f"Q: {name} likes {food}. Who likes {food}?\nA:", f" {name}", wrong=(f" {other}",)),
            Item(
                "questions", f"Q: {name} has {food} and {other} has {gift}. Who has {food}?\nA:",
                f" {name}", wrong=(f" {other}",),
            ),
        )
    )  # fmt: skip


def pronouns(draw: Draw) -> Item:
    """He or she, her or his: as the name says."""
    is_girl = draw.random() < 0.5
    name = draw.choice(words.GIRLS if is_girl else words.BOYS)
    place, thing, feeling = draw.choice(words.PLACES), draw.choice(words.OBJECTS), draw.choice(words.FEELINGS)
    he, his = ("she", "her") if is_girl else ("he", "his")
    not_he, not_his = ("he", "his") if is_girl else ("she", "her")
    subject = draw.random() < 0.5
    if subject:
        prompt = draw.choice(
            (f"{name} went to the {place} because", f"{name} was {feeling} when", f"After {name} came to the {place},")
        )
        return Item("pronouns", prompt, f" {he}", f" wanted {words.with_article(thing)}.", (f" {not_he}",))
    prompt = draw.choice((f"{name} went to the {place} with", f"{name} was {feeling} and lost", f"{name} looked for"))
    return Item("pronouns", prompt, f" {his}", f" {thing}.", (f" {not_his}",))


KINDS: dict[str, Callable[[Draw], Item]] = {
    writer.__name__: writer
    for writer in (
        names, indirect_object, agreement, brackets, quotations, series, facts, questions, pronouns,
    )
}  # fmt: skip


SHARES = {"indirect_object": 3, "series": 2}
"""Kinds that come oftener than once a round: what was forgotten soonest when other texts were read."""


def training_items(n_items: int, seed: int) -> Iterator[Item]:
    """``n_items`` items, kinds in turn by their shares, none of them held out."""
    draw = random.Random(seed)
    writers = [writer for kind, writer in KINDS.items() for _ in range(SHARES.get(kind, 1))]
    made = 0
    while made < n_items:
        item = writers[made % len(writers)](draw)
        if not item.is_held_out:
            made += 1
            yield item


def in_ordinary_text(items: Iterable[Item], seed: int) -> Iterator[str]:
    """Texts with an exercise each: every exercise is followed by everyday text, in the same text or in the next.

    Then comes another everyday text, so that what follows an end mark is seldom an exercise.
    """
    draw = random.Random(seed)
    for item in items:
        if item.text.endswith(".") and draw.random() < 0.6:
            yield f"{item.text} {everyday_text(draw)}"
        else:
            yield item.text
            yield everyday_text(draw)
        yield everyday_text(draw)


def held_out_items(kind: str, n_items: int, seed: int) -> list[Item]:
    """Up to ``n_items`` different held-out items of a kind (fewer where the kind has no more)."""
    draw = random.Random(seed)
    found: dict[str, Item] = {}
    for _ in range(n_items * HELD_OUT_ONE_IN * 20):
        item = KINDS[kind](draw)
        if item.is_held_out:
            found.setdefault(item.prompt, item)
        if len(found) == n_items:
            break
    return list(found.values())
