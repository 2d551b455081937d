"""All contracts there are. A module that is not named here is not run, and the house says so."""

from tests.contracts import appended, applications, candidates, feeds, jobs, lost_replies, results, set_values
from tests.contracts.contract import CONTRACTS, Contract

MODULES = (feeds, jobs, candidates, applications, appended, set_values, results, lost_replies)
EVERY: tuple[Contract, ...] = tuple(CONTRACTS)
