"""Word lists of the curriculum."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def with_article(word: str) -> str:
    """A dog, an apple."""
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


GIRLS = _words(
    "Mary Anna Lucy Emma Sarah Lily Rosa Alice Kate Julia Maria Laura Grace Nina Helen Ruth Jane Clara Sue Amy"
)
BOYS = _words("John Tom Ben Peter Sam Max Jack Paul Mark Leo David Tim Daniel Henry James Adam Luke Oscar Will Bob")
CITIES = _words("London Paris Berlin Rome Madrid Boston Chicago Dublin Vienna Moscow")
PLACES = _words("store park school market library beach farm garden station kitchen zoo museum office hospital bank")
GIFTS = _words("drink book ball flower letter cake gift ring card apple hat key toy cookie coat pen map cup")
ANIMALS = _words("dog cat bird horse cow pig duck fish mouse rabbit sheep goat bear fox lion frog")
JOBS = _words("teacher doctor nurse farmer driver cook writer singer painter baker student lawyer")
FOODS = _words("pizza bread soup rice apples cake eggs cheese pasta fish salad bananas")
COLOURS = _words("red blue green yellow black white brown pink orange purple")
THINGS = _words("key book cup box chair door window letter picture phone bag coat lamp clock shoe ring")
SPOTS = _words("cabinet table bed tree house wall shelf car desk river box garden")
FEELINGS = _words("happy sad tired hungry cold angry sleepy thirsty excited afraid")
OBJECTS = _words("bag coat book phone bike pencil cup scarf map key")
DAYS = _words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
MONTHS = _words("January February March April May June July August September October November December")
NUMBERS = _words(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
SYLLABLES = _words(
    "ba bel cor da den dor fa fen gal har jo kel lan lor mar mor nel par ran ros sel tam tor van ver wil"
)

MORE_GIRLS = _words(
    "Olivia Sophie Hannah Claire Eva Irene Martha Rachel Susan Tina Vera Zoe Fatima Mei Aisha Yuki Ingrid Elena"
)
MORE_BOYS = _words(
    "George Robert Michael Simon Frank Eric Victor Martin Thomas Joseph Ali Hans Carlos Kenji Omar Ivan Pierre Raj"
)
SURNAMES = _words("Smith Brown Miller Wilson Taylor Clark Lewis Walker Young King Wright Green Baker Hill Cooper Ward")
ALL_CITIES = (
    *CITIES,
    *_words("Tokyo Sydney Toronto Cairo Athens Lisbon Oslo Stockholm Prague Warsaw Seattle Oxford Dallas Delhi Seoul"),
    "New York",
    "San Francisco",
    "Hong Kong",
    "Los Angeles",
    "Mexico City",
)
ALL_JOBS = (
    *JOBS,
    *_words("engineer carpenter pilot sailor waiter soldier scientist musician dentist gardener librarian judge"),
)
ALL_FOODS = (
    *FOODS,
    *_words("chicken potatoes carrots chocolate strawberries pancakes sandwiches beans noodles tomatoes honey oranges"),
)
DRINKS = _words("tea coffee milk water juice lemonade")
PETS = _words("dog cat rabbit parrot hamster goldfish pony turtle")
SPORTS = _words("football tennis basketball baseball hockey volleyball cricket golf chess")
SUBJECTS = _words("history music mathematics English science geography art French chemistry biology")

_CAPITALS = (
    "France:Paris,England:London,Germany:Berlin,Italy:Rome,Spain:Madrid,Russia:Moscow,Japan:Tokyo,"
    "China:Beijing,Australia:Canberra,Austria:Vienna,Greece:Athens,Egypt:Cairo,Ireland:Dublin,"
    "Norway:Oslo,Sweden:Stockholm,Denmark:Copenhagen,Portugal:Lisbon,Poland:Warsaw,Hungary:Budapest,"
    "Canada:Ottawa,Mexico:Mexico City,Cuba:Havana,India:New Delhi,Turkey:Ankara,Finland:Helsinki,"
    "Belgium:Brussels,Brazil:Brasilia,Peru:Lima,Kenya:Nairobi,Iran:Tehran,Iraq:Baghdad,"
    "Scotland:Edinburgh"
)
CAPITALS = tuple(tuple(pair.split(":")) for pair in _CAPITALS.split(","))
"""(country, its capital)."""

FACTS: tuple[tuple[str, str, str], ...] = (
    *((f"The capital of {country} is", f"What is the capital of {country}?", city) for country, city in CAPITALS),
    ("The colour of the sky is", "What colour is the sky?", "blue"),
    ("The colour of grass is", "What colour is grass?", "green"),
    ("The colour of snow is", "What colour is snow?", "white"),
    ("The colour of coal is", "What colour is coal?", "black"),
    ("The colour of a ripe banana is", "What colour is a ripe banana?", "yellow"),
    ("The colour of blood is", "What colour is blood?", "red"),
    ("The opposite of hot is", "What is the opposite of hot?", "cold"),
    ("The opposite of big is", "What is the opposite of big?", "small"),
    ("The opposite of up is", "What is the opposite of up?", "down"),
    ("The opposite of day is", "What is the opposite of day?", "night"),
    ("The opposite of happy is", "What is the opposite of happy?", "sad"),
    ("The opposite of old is", "What is the opposite of old?", "young"),
    ("The opposite of fast is", "What is the opposite of fast?", "slow"),
    ("The opposite of good is", "What is the opposite of good?", "bad"),
    ("A baby dog is called a", "What is a baby dog called?", "puppy"),
    ("A baby cat is called a", "What is a baby cat called?", "kitten"),
    ("Milk comes from a", "Where does milk come from? From a", "cow"),
    ("Eggs come from a", "Where do eggs come from? From a", "hen"),
    ("The first month of the year is", "What is the first month of the year?", "January"),
    ("The last month of the year is", "What is the last month of the year?", "December"),
    ("The number of days in a week is", "How many days are in a week?", "seven"),
    ("The number of months in a year is", "How many months are in a year?", "twelve"),
    ("The number of legs of a dog is", "How many legs does a dog have?", "four"),
    ("The planet we live on is", "Which planet do we live on?", "Earth"),
)
"""(start of a statement, question, answer)."""
