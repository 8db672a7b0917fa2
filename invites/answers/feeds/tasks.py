"""The day's job. It may run twice, or late, without harm."""

from invites.answers.feeds import services


def clean() -> int:
    return services.forget_bodies_of_the_dead()
