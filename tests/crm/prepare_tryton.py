"""Runs inside Tryton's own virtualenv: the company, its reps and the relation type that an import presupposes.

``prepare_tryton.py CONFIG REP…`` is run once on a new database.
"""

import sys

import trytond.config as tryton_config

config = getattr(tryton_config, "config", tryton_config)
config.update_etc(sys.argv[1])

from trytond.pool import Pool  # noqa: E402 -- the configuration comes first
from trytond.transaction import Transaction  # noqa: E402

DATABASE = "crm"


def main() -> None:
    """Make them."""
    Pool.start()
    pool = Pool(DATABASE)
    pool.init()
    with Transaction().start(DATABASE, 0) as transaction:
        yen, _dollar = pool.get("currency.currency").create(
            [
                {"name": "Yen", "symbol": "¥", "code": "JPY", "digits": 0, "rounding": 1},
                {"name": "Dollar", "symbol": "$", "code": "USD", "digits": 2},
            ]
        )
        (own,) = pool.get("party.party").create([{"name": "notevault test company"}])
        (company,) = pool.get("company.company").create([{"party": own.id, "currency": yen.id}])
        user = pool.get("res.user")
        user.write([user(1)], {"companies": [("add", [company.id])], "company": company.id})
        parties = pool.get("party.party").create([{"name": rep} for rep in sys.argv[2:]])
        pool.get("company.employee").create([{"party": party.id, "company": company.id} for party in parties])
        pool.get("party.relation.type").create([{"name": "Employee"}])
        transaction.commit()


if __name__ == "__main__":
    main()
