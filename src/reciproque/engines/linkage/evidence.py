"""What official numbers say of two nodes. It is not learnt: their truth is what the model is learnt from."""

import numpy as np

from reciproque.engines.linkage.encoding import NIC, REGISTER, SIREN, TRUST, TRUSTED, Nodes
from reciproque.engines.linkage.kernels import Floats, Ints, Table

SAME_SIREN, SAME_SIRET, OTHER_SIRET, OTHER_SIREN = 9.0, 9.0, -3.0, -9.0
"""Log-odds that they add."""
HEARD, CONTRADICTED = 4.0, 2.0
"""What a register adds beyond the log-odds that it is right of both: names that share nothing weigh about as much against."""


def evidence(nodes: Nodes, left: Ints, right: Ints, level: str) -> Floats:
    """What official numbers add to the log-odds of pairs: they are not learnt."""
    a, b = nodes.codes[left], nodes.codes[right]
    both = (a[:, SIREN] >= 0) & (b[:, SIREN] >= 0)
    same = both & (a[:, SIREN] == b[:, SIREN])
    if level == "partner":
        typed = np.where(same, SAME_SIREN, np.where(both, OTHER_SIREN, 0.0))
        return np.where(both, typed, _registered(a, b)).astype(np.float32)
    sites = same & (a[:, NIC] >= 0) & (b[:, NIC] >= 0)
    alike = sites & (a[:, NIC] == b[:, NIC])
    apart = np.where(sites, OTHER_SIRET, np.where(both & ~same, OTHER_SIREN, 0.0))
    return np.where(alike, SAME_SIRET, apart).astype(np.float32)


def _registered(a: Table, b: Table) -> Table:
    """What a register says of pairs of which one side at least has no SIREN of its own."""
    sirens, sure = [], []
    for side in (a, b):
        own = side[:, SIREN] >= 0
        sirens.append(np.where(own, side[:, SIREN], side[:, REGISTER]))
        sure.append(np.where(own, TRUSTED, side[:, TRUST]) / TRUSTED)
    right = np.clip(sure[0] * sure[1], 0.0, 0.999)
    heard = (sirens[0] >= 0) & (sirens[1] >= 0) & (right > 0.5)
    odds = np.log(np.where(heard, right, 0.5) / (1 - np.where(heard, right, 0.5)))
    said = np.where(sirens[0] == sirens[1], odds + HEARD, -odds - CONTRADICTED)
    return np.where(heard, said, 0.0)
