"""The nouns of the prompts room."""

import re
from dataclasses import dataclass

_VARIABLE = re.compile(r"\{\{(\w+)\}\}")


class PromptError(ValueError):
    """A prompt file, or the variables it was given, are not as they must be."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """The words for one kind of call: a system part and a user part with named variables."""

    name: str
    system: str
    user: str
    digest: str

    @property
    def variables(self) -> frozenset[str]:
        """The names between double braces in either part."""
        return frozenset(_VARIABLE.findall(self.system + self.user))

    def fill(self, **values: str) -> tuple[str, str]:
        """The system and the user part with every variable set. PromptError for one too many or too few.

        Values are put in once and never read again for variables: what an article says stays what it says.
        """
        if values.keys() != self.variables:
            raise PromptError(f"prompt {self.name} takes {sorted(self.variables)}, got {sorted(values)}")

        def put(part: str) -> str:
            return _VARIABLE.sub(lambda match: values[match[1]], part)

        return put(self.system), put(self.user)
