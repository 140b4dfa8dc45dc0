"""What is done later."""

import asyncio
import configparser
from functools import partial, reduce

from shop.errors import NotFound


def run(name, argument):
    return JOBS[name](argument)


def not_found(number):
    raise NotFound(f"job {number} not found")


def no_address(number):
    raise LookupError(f"address {number} not found")


def run_async(number):
    return asyncio.run(report(number))


async def report(number):
    parts = await asyncio.gather(*(average(part) for part in range(number % 3 + 1)))
    return sum(parts)


async def average(part):
    await asyncio.sleep(0)
    return 100 / (part * 0)


def mail(word):
    class Template(dict):
        def render(self, text):
            return text.format(**self)

    return Template(name=word).render("Dear {name}, your {thing} is ready")


def uploads(count):
    errors = []
    for number in range(count):
        try:
            upload(number)
        except ValueError as error:
            errors.append(error)
    if errors:
        raise ExceptionGroup(f"{len(errors)} uploads failed", errors)


def upload(number):
    raise ValueError(f"file {number} has no name")


def settings(number):
    parser = configparser.ConfigParser()
    parser.read_string("[shop]\nname = x\n")
    return parser.get("shop", f"limit_{number}")


JOBS = {
    "not_found": not_found,
    "no_address": no_address,
    "mail": mail,
    "formula": lambda number: reduce(lambda left, right: left % right, [number, 0]),
    "uploads": partial(uploads),
    "settings": settings,
}
