"""The people, jobs and applications that every sandbox begins with: the same number gives the same ones."""

from datetime import UTC, datetime, timedelta

import attrs

_FIRST = ("Amélie", "Noah", "Priya", "Liam", "Søren", "Chloé", "Mateo", "Ingrid", "Omar", "Grace", "Łukasz", "Hana")
_LAST = ("Tremblay", "Singh", "O'Brien", "Müller", "García", "Kowalski", "MacDonald", "Håkansson", "Côté", "Okafor")
_TITLES = ("Payroll Clerk", "Welder", "Registered Nurse", "Forklift Operator", "Développeur Python", "Bookkeeper")
_SPAN = timedelta(days=150)
_FROM = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)


@attrs.frozen(kw_only=True)
class Contactable:
    """An e-mail address or a phone number; of several, one may be primary, or none."""

    value: str
    primary: bool = False


@attrs.frozen(kw_only=True)
class Person:
    number: int
    first: str
    last: str
    middle: str | None = None
    title: str | None = None
    emails: tuple[Contactable, ...] = ()
    phones: tuple[Contactable, ...] = ()
    changed: datetime


@attrs.frozen(kw_only=True)
class Job:
    number: int
    title: str
    description: str | None
    open: bool
    changed: datetime


@attrs.frozen(kw_only=True)
class Application:
    """`person` and `job` are numbers of this module, not of a vendor."""

    number: int
    person: int
    job: int
    changed: datetime


@attrs.frozen
class _Known:
    """Somebody who is in every sandbox because of one peculiarity; `*` marks what is primary."""

    first: str
    last: str
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    middle: str | None = None


_KNOWN = (
    _Known("Zoé", "O'Neil", ("*zoe.oneil@canary.example.test",), ("*(416) 555-0100 x12",)),
    _Known("Zoe", "Oneil", ("*zoe.oneil@other.example.test",), ("*(416) 555-0101",)),
    _Known(
        "François",
        "D'Arcy-Lévesque",
        ("fdl@canary.example.test", "f.darcy@work.example.test"),
        ("514-555-0102", "514.555.0103"),
    ),
    _Known("小龍", "李", ("*xiaolong.li@canary.example.test",), ("*+1 604 555 0104",)),
    _Known("Ана", "Петровић", ("*ana.petrovic@canary.example.test",), ("*(416) 555-0105", "416 555 0106")),
    _Known("Bjørn", "Ångström", (), ("*(416) 555-0107",)),
    _Known("Mary Jane", "van der Berg", (), ()),
    _Known("Thị Hương", "Nguyễn", ("*Huong.Nguyen@Canary.Example.TEST",), (), "Minh"),
    _Known(
        "Jean-Luc",
        "St. John",
        ("one@canary.example.test", "*jl.stjohn@canary.example.test", "three@canary.example.test"),
        ("+44 20 7946 0958",),
    ),
)


def people(count: int) -> list[Person]:
    return [person(number, count) for number in range(count)]


def jobs(count: int) -> list[Job]:
    return [job(number, count) for number in range(count)]


def applications(count: int) -> list[Application]:
    """One for each person, but the second one is the first person's too, so that one has two and one has none."""
    return [application(number, count) for number in range(count)]


def application(number: int, count: int) -> Application:
    return Application(
        number=number,
        person=0 if number == 1 else number,
        job=number * 7 % count if count > 7 else number,
        changed=moment(number, count),
    )


def canaries() -> tuple[str, ...]:
    """Texts of the people who are in every sandbox, odd enough to be searched for."""
    names = tuple(f"{known.first} {known.last}" for known in _KNOWN)
    reached = tuple(text.lstrip("*") for known in _KNOWN for text in (*known.emails, *known.phones))
    return names + reached


def person(number: int, count: int) -> Person:
    changed = moment(number, count)
    if number < len(_KNOWN):
        known = _KNOWN[number]
        return Person(
            number=number,
            first=known.first,
            last=known.last,
            middle=known.middle,
            title=_TITLES[number % len(_TITLES)],
            emails=tuple(_contactable(text) for text in known.emails),
            phones=tuple(_contactable(text) for text in known.phones),
            changed=changed,
        )
    return Person(
        number=number,
        first=_FIRST[number % len(_FIRST)],
        last=_LAST[number // len(_FIRST) % len(_LAST)],
        title=_TITLES[number % len(_TITLES)],
        emails=(Contactable(value=f"person.{number}@people.example.test", primary=True),),
        phones=(Contactable(value=f"+1 {204 + number // 10_000} 555 {number % 10_000:04}", primary=True),),
        changed=changed,
    )


def job(number: int, count: int) -> Job:
    title = _TITLES[number % len(_TITLES)]
    return Job(
        number=number,
        title=title,
        description=None if number % 9 == 4 else f"<p>{title}:&nbsp;<b>great</b> team &amp; pay.<br/>Job {number}.</p>",
        open=number % 7 < 5,
        changed=moment(number, count),
    )


def _contactable(text: str) -> Contactable:
    return Contactable(value=text.lstrip("*"), primary=text.startswith("*"))


def moment(number: int, count: int) -> datetime:
    """Spread evenly, every tenth at the same moment as the one before, the fourth and fifth an hour apart in a fold."""
    if number in {3, 4}:
        return datetime(2026, 11, 1, 5 if number == 3 else 6, 30, tzinfo=UTC)
    step = (number - 1 if number % 10 == 9 else number) * _SPAN / count
    fraction = (0, 300_000, 347_000, 120_000, 347_123)[number % 5]
    return (_FROM + step).replace(microsecond=0 if number % 10 in {8, 9} else fraction)


def pdf(text: str) -> bytes:
    """The smallest document that passes for one."""
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n% " + text.encode() + b"\ntrailer<</Root 1 0 R>>\n%%EOF\n"
