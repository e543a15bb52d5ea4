"""Texts of another source than the training's: everyday sentences written for this purpose, and one author's prose."""

from pathlib import Path

from model_export.starter.config import DataConfig
from model_export.starter.data import books_of_held_out_author

_PROSE = (2, 13, 23, 25)
"""Of Oscar Wilde's books: A House of Pomegranates, Lord Arthur Savile's Crime, The Happy Prince, Dorian Gray."""

_CHARACTERS = 30_000  # of each book
_FRONT_MATTER = 6_000  # title pages and contents


def held_out_author(corpus: Path, config: DataConfig) -> list[str]:
    """A piece of each prose book, title pages left out."""
    books = books_of_held_out_author(corpus, config)
    return [books[place][_FRONT_MATTER : _FRONT_MATTER + _CHARACTERS] for place in _PROSE]


EVERYDAY = (
    "I was going to call you last night, but my phone died and I could not find the charger anywhere.",
    "Could you pick up some milk on your way home? We also need eggs and a loaf of bread.",
    "The bus was late again this morning, so I walked to work and got there just before nine.",
    "My sister has started learning the guitar. She practises every evening, and the neighbours are very patient.",
    "It rained so hard that the water came in under the door and the carpet is still wet.",
    "We are having a few people over on Saturday. Bring a salad if you like, but you do not have to.",
    "The doctor said that it is nothing serious and that I should drink plenty of water and rest for a day or two.",
    "He spent the whole weekend painting the kitchen, and now the door no longer closes properly.",
    "There is a new bakery on the corner where the bookshop used to be. Their bread is good but expensive.",
    "I forgot my umbrella on the train, and of course it was the one my grandmother gave me.",
    "Our team lost by two goals, but it was the best game we have played all season.",
    "She does not like flying, so they took the night train to Vienna and slept very little.",
    "The teacher asked us to write about a place we know well. I chose the harbour where my uncle works.",
    "If you turn left after the bridge, you will see a yellow house with a red door. That is ours.",
    "The children built a tent out of blankets and refused to come out until dinner was ready.",
    "I have read this book three times, and every time I notice something that I had missed before.",
    "Please turn the music down a little. The baby has only just fallen asleep.",
    "We waited for an hour at the station, and then somebody told us that the last train had already gone.",
    "My father grows tomatoes on the balcony. This year there were so many that he gave most of them away.",
    "The cat next door comes to visit us every afternoon and leaves as soon as it has eaten.",
    "Nobody knew who had left the flowers on her desk, although a few of us had a guess.",
    "It gets dark early in November, and by five o'clock the street lamps are already on.",
    "I would rather stay at home tonight and cook something simple than go out in this weather.",
    "The museum is free on Thursdays, so it is always full of students and families.",
    "He said that he would be back in ten minutes, and that was more than an hour ago.",
    "They moved to a small village near the mountains because they were tired of the noise in the city.",
    "My bicycle has a flat tyre, and the shop that repairs them is closed until Tuesday.",
    "She laughed so loudly that everybody in the restaurant turned round to look at her.",
    "The recipe says two cups of flour, but I think that it needs a little more than that.",
    "After the storm there were branches all over the road, and we had to drive very slowly.",
    "I am not sure whether I locked the door. Would you mind going back to check?",
    "Their dog is afraid of thunder and hides in the bathtub until it is over.",
    "We have known each other since we were six, and we still argue about the same things.",
    "The exam was easier than I had expected, except for the last question, which nobody understood.",
    "On Sunday mornings the whole street smells of coffee and fresh rolls.",
    "The lake was frozen, and a man was selling hot chestnuts to the people who were skating.",
    "I have to get up at five tomorrow, so I am going to bed now. Good night!",
    "He keeps all his old letters in a shoe box under the bed and never reads them.",
    "The lift is out of order, and our flat is on the sixth floor, so please travel light.",
    "When I was little, I thought that the moon was following our car.",
)
"""Sentences nobody trained on, in plain modern English."""

PROMPTS = (
    "My name is",
    "I love to eat",
    "The weather today is",
    "On Monday I went to the",
    "My best friend",
    "Yesterday we",
    "The dog",
    "School starts at",
    "Where is the",
    "How are you",
    "I live in a small",
    "She opened the window and",
    "The train to London",
    "For breakfast I had",
    "Our team played",
    "It was raining when",
    "My grandmother always",
    "The best thing about summer is",
    "He could not find his",
    "There is a cat in",
)
"""As a reader may type them."""
