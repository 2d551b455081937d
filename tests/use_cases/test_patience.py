"""How long a command waits before it is tried again."""

from application.patience import Patience


def test_a_young_command_waits_least_and_an_old_one_a_quarter_of_its_age() -> None:
    patience = Patience(shortest=5.0, longest=900.0)

    assert [patience.wait(age) for age in (0.0, 20.0, 100.0, 10_000.0)] == [5.0, 5.0, 25.0, 900.0]


def test_a_command_is_given_up_after_the_longest_time() -> None:
    patience = Patience(oldest=60.0)

    assert [patience.bears(age) for age in (59.0, 60.0, 61.0)] == [True, True, False]
