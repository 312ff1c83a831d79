"""What in a text looks like it tells who a person is. Signs, never proof: they are told to a person, who decides."""

from rsaudit.persons.signs import Sign, sign_of_heading, signs

__all__ = ["Sign", "sign_of_heading", "signs"]
