"""Writes short everyday texts: a first sentence as a reader might type it, and a few that follow from it.

Names, places, weather, school, sport, animals, food, work, questions. Seeded. The sentences of a text share its words:
who it is about, where, when. A model that read only stories and books answers a plain prompt with a fairy tale.
"""
# ruff: noqa: E501 - rows of sentences, one slot of a text a row

import random
from collections.abc import Callable, Iterator

from model_export.starter import words

Draw = random.Random
Sentences = list[str]


class _Person:
    """A name with its pronouns."""

    def __init__(self, draw: Draw) -> None:
        is_girl = draw.random() < 0.5
        self.name = draw.choice(words.GIRLS + words.MORE_GIRLS if is_girl else words.BOYS + words.MORE_BOYS)
        self.he, self.him, self.his = ("she", "her", "her") if is_girl else ("he", "him", "his")
        self.He, self.His = self.he.capitalize(), self.his.capitalize()


def _some(draw: Draw, sentences: Sentences, least: int, most: int) -> Sentences:
    """So many of the sentences, in their order."""
    count = min(len(sentences), draw.randint(least, most))
    return [sentences[place] for place in sorted(draw.sample(range(len(sentences)), count))]


def about_me(draw: Draw) -> Sentences:
    """Who is speaking."""
    me, friend = _Person(draw), _Person(draw)
    city, job, food = draw.choice(words.ALL_CITIES), draw.choice(words.ALL_JOBS), draw.choice(words.ALL_FOODS)
    sport, age, animal = draw.choice(words.SPORTS), draw.choice(words.NUMBERS[6:]), draw.choice(words.PETS)
    first = draw.choice(
        (
            f"My name is {me.name}.", f"My name is {me.name} and I am {age} years old.", f"Hello, my name is {me.name}.",
            f"My name is {me.name} and I live in {city}.", f"I am {me.name}, and this is my friend {friend.name}.",
            f"I live in {city}.", f"I live in {city} with my family.", f"I was born in {city}.",
            f"Hello! How are you? I am {me.name}.", f"My favourite sport is {sport}.", f"I like {sport} very much.",
            f"My favourite food is {food}.", f"I love {food}.", f"I work as {words.with_article(job)} in {city}.",
        )
    )  # fmt: skip
    rest = _some(draw, [
        draw.choice((f"I work as {words.with_article(job)}.", f"My mother is {words.with_article(job)}.", f"I want to be {words.with_article(job)} one day.")),
        draw.choice((f"We moved to {city} last year.", f"My grandparents live near {city}.", "Our house is small but warm.")),
        draw.choice((f"I have {words.with_article(animal)} that sleeps on my bed.", f"At home we have {words.with_article(animal)} and a garden.")),
        draw.choice((f"On {draw.choice(words.DAYS)}s I play {sport}.", f"After work I go to the {draw.choice(words.PLACES)}.")),
        draw.choice((f"My best friend is called {friend.name}.", f"I met {friend.name} at school, and we still write to each other.")),
        draw.choice((f"For breakfast I eat {food}.", f"In the evening we cook {food} together.", "I drink tea in the morning.")),
        draw.choice(("I am happy here.", "It is a good life.", "I would not want to live anywhere else.", "Nice to meet you!")),
    ], 2, 4)  # fmt: skip
    return [first, *rest]


def weather(draw: Draw) -> Sentences:
    """What the sky does."""
    who, city, day = _Person(draw), draw.choice(words.ALL_CITIES), draw.choice(words.DAYS)
    month, place = draw.choice(words.MONTHS), draw.choice(words.PLACES)
    kind = draw.choice(("rain", "sun", "snow", "wind", "fog", "storm"))
    firsts = {
        "rain": ("It is raining.", "The weather today is wet and cold.", "It rained all night.", f"It has been raining since {day}."),
        "sun": ("The sun is shining.", "The weather today is warm and sunny.", "It is a beautiful day.", "Today is the hottest day of the year."),
        "snow": ("It is snowing.", "The weather today is cold, with snow in the evening.", "The first snow fell last night.", "Winter has come early this year."),
        "wind": ("The wind is strong today.", "The weather today is windy and cool.", "The wind blew the leaves across the road."),
        "fog": ("There is fog over the river this morning.", "The weather today is grey.", "You can hardly see the other side of the street."),
        "storm": ("A storm is coming.", "The weather today is stormy.", "There was thunder in the night.", "Dark clouds are coming from the west."),
    }  # fmt: skip
    follow = {
        "rain": ("Take an umbrella with you.", "The streets are full of water.", "The farmers are glad, because the fields were dry.", "We stayed inside and played cards."),
        "sun": ("We are going to the beach.", "The children are playing outside.", "Everybody is sitting in the park.", "There is not a cloud in the sky."),
        "snow": ("The roofs are white.", "The children made a snowman.", "The trains are late.", "Put on your gloves and your warm coat."),
        "wind": ("My hat flew away.", "The boats stayed in the harbour.", "It is a good day to fly a kite.", "The windows were shaking."),
        "fog": ("The cars drive slowly with their lights on.", "By noon it should be clear.", "Everything is quiet."),
        "storm": ("Close the windows.", "The lights went out for an hour.", "The dog is hiding under the bed.", "We could see the lightning over the hills."),
    }  # fmt: skip
    first = draw.choice(
        (
            *firsts[kind],
            f"In {month} the weather in {city} changes every day.",
            f"The weather in {city} is not the same as here.",
        )
    )
    rest = [
        *draw.sample(follow[kind], 2),
        draw.choice(("Tomorrow it will be better.", f"On {day} it should be warmer.", "The radio says that it will last until the weekend.", "Nobody knows how long it will last.")),
        draw.choice((f"{who.name} went to the {place} anyway.", f"{who.name} says that {who.he} likes it.", f"In {city} it is different.", "I like this time of the year.")),
    ]  # fmt: skip
    return [first, *_some(draw, rest, 2, 4)]


def school(draw: Draw) -> Sentences:
    """Lessons, teachers, homework."""
    who, other = _Person(draw), _Person(draw)
    subject, teacher = draw.choice(words.SUBJECTS), draw.choice(words.SURNAMES)
    title, number, day = draw.choice(("Mr.", "Mrs.")), draw.choice(words.NUMBERS), draw.choice(words.DAYS)
    first = draw.choice(
        (
            f"{who.name} likes {subject}.", f"Our teacher is called {title} {teacher}.", "School starts at eight o'clock.",
            f"Today we had a test in {subject}.", f"The students are reading a book about {subject}.",
            f"{title} {teacher} teaches {subject} at our school.", f"At school we are learning {subject}.",
            f"{who.name} forgot {who.his} homework.", "The teacher wrote a word on the board.",
            f"There are {number} children in my class.", f"On {day} the whole class went to the museum.",
        )
    )  # fmt: skip
    rest = [
        draw.choice((f"{who.name} sits next to {other.name}.", f"{other.name} helped {who.him} with the answers.", f"{who.name} had never heard of it before.")),
        draw.choice(("The lesson lasts one hour.", f"Everybody had to write {number} sentences.", "The answer is on the last page of the book.", "It was not easy.")),
        draw.choice((f'"What does this word mean?" asked {other.name}.', f'"Very good," said {title} {teacher}.', f'"May I open the window?" asked {who.name}.')),
        draw.choice(("In the break they played in the yard.", "Then the bell rang.", "At noon we eat in the hall.", "After school I walk home.")),
        draw.choice(("Next week there is a test.", f"{who.name} wants to study {subject} later.", "The holidays begin in July.")),
    ]  # fmt: skip
    return [first, *_some(draw, rest, 2, 4)]


def sport(draw: Draw) -> Sentences:
    """Games, teams, who won."""
    who, city, other_city = _Person(draw), draw.choice(words.ALL_CITIES), draw.choice(words.ALL_CITIES)
    game, number, day = draw.choice(words.SPORTS), draw.choice(words.NUMBERS[1:8]), draw.choice(words.DAYS)
    first = draw.choice(
        (
            f"{who.name} plays {game} every {day}.", f"The team from {city} won the game.", f"Yesterday we watched a {game} match.",
            f"{who.name} ran as fast as {who.he} could.", f"The match between {city} and {other_city} was on {day}.",
            f"{who.name} is the best player in our team.", f"{game.capitalize()} is a game for two teams.",
            "The ball flew over the fence.", "The race begins at ten o'clock.", f"I have played {game} since I was a child.",
        )
    )  # fmt: skip
    rest = [
        draw.choice((f"They scored {number} goals.", f"{city} was better in the first half.", "The score was two to one.", "Nobody scored in the first half.")),
        draw.choice((f"{who.name} kicked the ball into the net.", f"{who.name} fell and hurt {who.his} knee.", f"{who.name} was tired but happy.")),
        draw.choice(("The crowd cheered.", "It was raining, but nobody went home.", "The other team was strong.", "They had trained the whole summer.")),
        draw.choice((f"Next {day} they play again.", "In the end they shook hands.", "The coach was proud of them.", "The winner gets a cup.")),
    ]  # fmt: skip
    return [first, *_some(draw, rest, 2, 4)]


def animals(draw: Draw) -> Sentences:
    """Pets, farms, what animals do."""
    who, animal, other = _Person(draw), draw.choice(words.ANIMALS), draw.choice(words.PETS)
    colour, food = (
        draw.choice(words.COLOURS),
        draw.choice(("milk", "grass", "seeds", "meat", "fish", "leaves", "fruit")),
    )
    place = draw.choice(("forest", "garden", "field", "river", "farm", "mountains", "house"))
    first = draw.choice(
        (
            f"{who.name} has {words.with_article(other)}.", f"My {other} is {colour} and white.", f"The {animal} lives near the {place}.",
            f"{words.with_article(animal).capitalize()} is an animal.", f"Most {_plural(animal)} sleep at night.", f"The {colour} {animal} sat under a tree.",
            f"There is {words.with_article(animal)} in the garden.", f"We saw {words.with_article(animal)} on the way to the {place}.", f"The {other} is hungry.",
            f"The {animal} and the {other} are friends.", "The dog barked at the postman.", "The cat is asleep on the chair.",
            "Birds fly south in autumn.", "Elephants are the largest animals on land.", "A whale is not a fish.",
        )
    )  # fmt: skip
    rest = [
        draw.choice((f"It eats {food}.", f"It likes {food} best.", "It has soft fur and bright eyes.", "It is small and quick.")),
        draw.choice((f"At night it sleeps near the {place}.", f"It came from the {place}.", f"You can see it near the {place} in spring.")),
        draw.choice((f"{who.name} gives it water every day.", f"{who.name} found it when it was very young.", f"{who.name} is not afraid of it.")),
        draw.choice(("It can run very fast.", "It does not bite.", "It has four legs and a long tail.", "Its name is Max.", "It makes a funny noise.")),
    ]  # fmt: skip
    return [first, *_some(draw, rest, 2, 4)]


def _plural(noun: str) -> str:
    irregular = {"mouse": "mice", "sheep": "sheep", "fish": "fish", "goose": "geese", "wolf": "wolves", "fox": "foxes"}
    return irregular.get(noun, noun + "s")


def food(draw: Draw) -> Sentences:
    """Cooking, eating, shopping."""
    who, other = _Person(draw), _Person(draw)
    dish, more, drink = draw.choice(words.ALL_FOODS), draw.choice(words.ALL_FOODS), draw.choice(words.DRINKS)
    number, day, place = (
        draw.choice(words.NUMBERS[1:12]),
        draw.choice(words.DAYS),
        draw.choice(("market", "store", "shop")),
    )
    first = draw.choice(
        (
            f"{who.name} is cooking {dish} for dinner.", f"I want to eat some {dish}.", f"Would you like some {dish}?",
            f"For lunch we had {dish} and {more}.", f"{who.name} bought {dish} and {more} at the {place}.",
            f"My mother makes the best {dish} in the world.", f"The {dish} was delicious.", "Dinner is ready.",
            f"To make {dish}, you need {number} things.", f"I would like a cup of {drink}, please.", f"{who.name} does not like {dish}.",
            f"A glass of {drink} costs {number} dollars.", "The kitchen smells of fresh bread.",
        )
    )  # fmt: skip
    rest = [
        draw.choice((f"{other.name} would rather have {more}.", f"{other.name} is hungry, too.", f"There is enough for {number} people.")),
        draw.choice(("First, wash your hands.", "Cut it into small pieces and add some salt.", "It takes about an hour.", "The water is boiling.")),
        draw.choice((f"They drink {drink} with it.", f"With {drink} it tastes even better.", f"{who.name} put the plates on the table.")),
        draw.choice((f'"Thank you, it was very good," said {other.name}.', f'"Can I have some more?" asked {other.name}.', "Nothing was left.", f"On {day} we will eat something else.")),
    ]  # fmt: skip
    return [first, *_some(draw, rest, 2, 4)]


def places(draw: Draw) -> Sentences:
    """Towns, roads, journeys."""
    who, city, other_city = _Person(draw), draw.choice(words.ALL_CITIES), draw.choice(words.ALL_CITIES)
    country, capital = draw.choice(words.CAPITALS)
    day, place, number = draw.choice(words.DAYS), draw.choice(words.PLACES), draw.choice(words.NUMBERS[1:12])
    first = draw.choice(
        (
            f"{city} is a large city.", f"{capital} is the capital of {country}.", f"The train to {city} leaves at {number} o'clock.",
            f"Last summer we went to {country}.", f"{who.name} comes from {country}.", f"The road to {city} is closed.",
            f"On {day} I went to the {place}.", f"{who.name} opened the door and saw", f"The {place} is next to the {draw.choice(words.PLACES)}.",
            f"There is {words.with_article(place)} in the middle of the town.", f"Where is the {place}?", f"{who.name} has never been to {city}.",
            "The house stands at the end of the street.", "It is a long way to the sea.", "The museum opens at nine.",
        )
    )  # fmt: skip
    if first.endswith("saw"):
        first += draw.choice(
            (
                f" a tall man with {words.with_article(draw.choice(words.COLOURS))} hat.",
                " that it was snowing.",
                f" {who.his} old friend.",
                " an empty room.",
            )
        )
    rest = [
        draw.choice((f"It has {number} bridges and a famous museum.", "Many people live there.", "There is a river and an old church.", "The streets are narrow.")),
        draw.choice(("You can go there by train or by car.", f"From {other_city} it takes {number} hours.", "Go straight on and then turn left.", "It is not far.")),
        draw.choice((f"{who.name} wants to see it.", f"{who.name} took many pictures.", f"{who.name} lived there as a child.", f"We stayed for {number} days.")),
        draw.choice(("In the evening we walked along the river.", "The people there are friendly.", "I would like to go back one day.", "The food was good, too.")),
    ]  # fmt: skip
    return [first, *_some(draw, rest, 2, 4)]


def home(draw: Draw) -> Sentences:
    """Family, work, a day."""
    who, other = _Person(draw), _Person(draw)
    kin = draw.choice(
        ("brother", "sister", "mother", "father", "uncle", "aunt", "grandmother", "grandfather", "neighbour")
    )
    job, object_, colour = draw.choice(words.ALL_JOBS), draw.choice(words.OBJECTS), draw.choice(words.COLOURS)
    day, number, place = draw.choice(words.DAYS), draw.choice(words.NUMBERS[1:12]), draw.choice(words.PLACES)
    first = draw.choice(
        (
            f"My {kin} is {words.with_article(job)}.", f"{who.name} works as {words.with_article(job)}.", "In the morning I get up at seven.",
            f"Yesterday {who.name} lost {who.his} {object_}.", f"{who.name} and {other.name} are friends.", "Today is my birthday.",
            f"{who.name} bought a new {object_}.", f"I cannot find my {object_}.", f"The {object_} is on the table.",
            f"The man in the {colour} coat is my {kin}.", "The keys are in the drawer.", "The phone rang in the middle of the night.",
            f"There was a letter for {who.name}.", "She is reading a book.", "He sat by the window and thought of the sea.",
            f"The best thing about {day} is breakfast.", "I think that you are right.", "Once a week we clean the house.",
        )
    )  # fmt: skip
    rest = [
        draw.choice((f"{who.name} looked for it everywhere.", f"{other.name} called at {number} o'clock.", f"{other.name} came to help.")),
        draw.choice((f"It was {colour} and quite old.", f"It cost {number} dollars.", f"It came from a shop near the {place}.", "It was a present.")),
        draw.choice((f'"Where have you been?" asked {other.name}.', f'"I do not know," said {who.name}.', f'"Do not worry," said {other.name}. "We have time."')),
        draw.choice((f"In the evening they went to the {place}.", "Then we all sat down and ate.", "After that it was quiet in the house.", f"On {day} everything was as before.")),
        draw.choice(("It had been a long day.", "Nobody was angry.", "They laughed about it later.", "That was all.")),
    ]  # fmt: skip
    return [first, *_some(draw, rest, 2, 4)]


def questions(draw: Draw) -> Sentences:
    """A question and what somebody says to it."""
    who, other = _Person(draw), _Person(draw)
    city, dish, animal = draw.choice(words.ALL_CITIES), draw.choice(words.ALL_FOODS), draw.choice(words.ANIMALS)
    job, day, number = draw.choice(words.ALL_JOBS), draw.choice(words.DAYS), draw.choice(words.NUMBERS)
    question, answer = draw.choice(
        (
            ("How are you?", "I am fine, thank you."), ("How are you today?", "Very well, thank you. And you?"),
            ("What is your name?", f"My name is {who.name}."), ("Where do you live?", f"I live in {city}."),
            ("What time is it?", f"It is {draw.choice(words.NUMBERS[:12])} o'clock."), ("What do you do?", f"I am {words.with_article(job)}."),
            ("What is your favourite food?", f"I like {dish} best."), ("How old are you?", f"I am {number} years old."),
            ("Have you ever been to " + city + "?", draw.choice(("Yes, once.", "No, never."))),
            ("Do you like " + dish + "?", draw.choice(("Yes, I do.", "No, I do not."))),
            ("What did you do on " + day + "?", f"I went to the {draw.choice(words.PLACES)}."),
            ("What is that?", f"It is {words.with_article(animal)}."), ("Why are you late?", "I missed the bus."),
            ("Can you help me?", "Of course."), ("Where is " + who.name + "?", f"{who.He} is at the {draw.choice(words.PLACES)}."),
            ("Who is that?", f"That is my friend {who.name}."), ("Why is the sky blue?", "Nobody had ever asked me that."),
            ("Do you have a pen?", "Here you are."), ("What are you reading?", "It is a book about the sea."),
        )
    )  # fmt: skip
    if draw.random() < 0.5:
        said = draw.choice((f"asked {other.name}.", f"{other.name} asked.", "she asked.", "he asked."))
        lines = [f'"{question}" {said}', f'"{answer}"', *draw.sample(("Then they went on.", "They both smiled.", f"{other.name} nodded.", "It was quiet for a while.", '"Good," was all the answer.'), 2)]  # fmt: skip
    else:
        lines = [question, answer, *draw.sample(("That is good to know.", "And you?", "I have always wanted to ask you that.", f"{other.name} told me.", "We can talk about it tomorrow.", "Let us go."), 2)]  # fmt: skip
    return lines


TOPICS: tuple[Callable[[Draw], Sentences], ...] = (
    about_me, weather, school, sport, animals, food, places, home, questions,
)  # fmt: skip


def everyday_text(draw: Draw) -> str:
    """One text; some have a second part about something else, as letters and diaries do."""
    sentences = draw.choice(TOPICS)(draw)
    if draw.random() < 0.35:
        sentences += draw.choice(TOPICS)(draw)
    return " ".join(sentences)


def everyday_texts(n_texts: int, seed: int) -> Iterator[str]:
    """``n_texts`` texts."""
    draw = random.Random(seed)
    for _ in range(n_texts):
        yield everyday_text(draw)
