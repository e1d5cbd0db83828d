"""Other names of keys and words: what contracts elsewhere call them, where only one is meant.

A document is put into the standard names once, before it is read; a refusal is put back into the
names that the document has.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.kernel.reading import DocumentRefused, Node

Names = Mapping[str, str]


def _named(**names: str) -> dict[str, str]:
    """Return the key that each of the words after a key stands for."""
    return {word: key for key, words in names.items() for word in words.split()}


_SPAN = _named(
    start="start_date starts_on service_start",
    end="end_date ends_on service_end last_day",
    months="term_months duration_months",
)
_PATTERN = "recognition recognition_method recognition_pattern measure_of_progress timing"
_OBLIGATION = _SPAN | _named(
    id="name code",
    ssp="stand_alone_selling_price standalone_selling_price stand_alone_price standalone_price "
    "selling_price",
    unit_ssp="unit_stand_alone_selling_price unit_standalone_selling_price ssp_per_unit",
    pattern=f"method {_PATTERN}",
    on="date delivered_on delivery_date satisfied_on transferred_on transfer_date",
    price="stated_price",
    quantity="units",
    unit_price="price_per_unit",
    unit_cost="cost_per_unit",
    returns="right_of_return",
    expected_cost="total_expected_cost estimated_cost total_estimated_cost",
    expected_quantity="expected_units",
)
GROUPS: dict[str, Names] = {
    "document": _named(
        obligations="performance_obligations ssp stand_alone_selling_prices "
        "standalone_selling_prices",
        discounts="discount",
        standard="accounting_standard framework",
        transaction_price="price contract_price total_price consideration",
        granularity="reporting_period period_length",
        as_of="as_of_date reporting_date",
    ),
    "contract": _named(inception="inception_date signed_on", id="contract_id number"),
    "transaction_price": _named(
        fixed="amount fixed_amount fixed_consideration fixed_price",
        variable="variable_consideration",
        payable_to_customer="consideration_payable_to_customer consideration_payable",
        noncash="non_cash noncash_consideration",
    ),
    "variable": _named(
        id="name", kind="type", amount="estimate", method="estimation_method basis",
        obligations="allocated_to",
    ),
    "outcomes": _named(amount="value", probability="likelihood chance"),
    "obligations": _OBLIGATION,
    "returns": _named(
        rate="return_rate expected_return_rate", expected_quantity="expected_returns"
    ),
    "events": _named(
        type="kind event",
        on="date",
        obligation="obligation_id performance_obligation",
        invoice="invoice_id invoice_number",
        percent="percentage percent_complete",
        price_change="change_in_price additional_consideration",
        add="added additional_obligations",
        change="changes changed",
        quantity="units",
        cumulative="cumulative_quantity cumulative_units cumulative_amount",
        expected_quantity="expected_units",
        expected_cost="total_expected_cost",
    ),
    "changes": _named(
        id="obligation name",
        add_quantity="additional_quantity additional_units",
        expected_cost="total_expected_cost",
    ),
    "discounts": _named(obligations="items", price="bundle_price"),
    "schedule": _SPAN
    | _named(
        amount="price total", method=_PATTERN + " pattern", invoice_date="invoiced_on invoice_on"
    ),
    "billing": _named(first_on="start first_date", every="frequency interval", count="times"),
    "financing": _named(
        rate="interest_rate discount_rate annual_rate", transfer_on="transfer_date"
    ),
    "payments": _named(on="date"),
    "costs": _named(
        id="name",
        incurred_on="on date",
        contract_years="contract_term_years",
        contract_months="contract_term_months",
        renewal_years="expected_renewal_years",
        renewal_months="expected_renewal_months",
        expected_customer_years="expected_customer_term_years amortisation_years "
        "amortization_years",
        expected_customer_months="expected_customer_term_months amortisation_months "
        "amortization_months",
    ),
}  # fmt: skip
"""The other names of keys, by where they stand."""
WORDS: dict[str, Names] = {
    "pattern": _named(
        point_in_time="at_a_point_in_time",
        daily="straight_line_daily daily_straight_line by_day",
        monthly="straight_line_monthly monthly_straight_line by_month",
        percent_complete="percentage_complete percentage_of_completion percent_of_completion",
        milestones="milestone",
    ),
    "type": _named(
        credit_note="credit_memo", invoice="billing bill",
        delivery="delivered transfer transferred shipment",
        payment="payment_received cash_receipt", modification="contract_modification amendment",
        cancellation="termination cancelled", impairment="impairment_loss",
        impairment_reversal="reversal_of_impairment", cost="cost_incurred costs_incurred",
        milestone="milestone_reached", redemption="redeemed",
        estimate="change_of_estimate change_in_estimate",
        expiry="expired breakage", **{"return": "returned"},
    ),
    "treatment": _named(separate="separate_contract", cumulative_catch_up="catch_up"),
    "standard": _named(ifrs_15="ifrs ifrs15", asc_606="asc606 us_gaap"),
    "variable method": _named(most_likely_amount="most_likely", expected_value="expected"),
}  # fmt: skip
"""Other words for a pattern, a type of event, a treatment, a method of estimation, a standard."""
UNSAID = ("straight_line", "ratable", "rateable", "over_time", "linear")
"""Words for service over time that leave open how a month is counted."""
_SAYING = "daily, monthly or monthly_prorated"
_INSIDE = {
    "document": {
        "contract": "contract", "transaction_price": "transaction_price",
        "obligations": "obligations", "events": "events", "schedule": "schedule",
        "billing": "billing", "financing": "financing", "costs": "costs",
        "discounts": "discounts",
    },
    "transaction_price": {"variable": "variable"},
    "obligations": {"returns": "returns"},
    "variable": {"outcomes": "outcomes"},
    "events": {"outcomes": "outcomes", "add": "obligations", "change": "changes"},
    "financing": {"payments": "payments"},
}  # fmt: skip
_SAID_BY = {
    ("obligations", "pattern"): "pattern", ("schedule", "method"): "pattern",
    ("events", "type"): "type", ("variable", "method"): "variable method",
    ("events", "treatment"): "treatment", ("document", "standard"): "standard",
}  # fmt: skip


@dataclass(slots=True)
class Standard:
    """A document in the standard names, and what it calls the keys that have another one."""

    value: object
    _called: dict[str, str] = field(default_factory=dict)

    def __init__(self, value: object, path: str = "") -> None:
        self._called = {}
        self.value = self._put(value, "document", path)

    def refusal(self, refused: DocumentRefused) -> DocumentRefused:
        """Return a refusal that names the path as the document does."""
        error = refused.errors[0]
        path = "".join(self._written(error.field))
        return refused if path == error.field else Node(None, path).refuse(error.message)

    def _written(self, path: str) -> Iterator[str]:
        done = ""
        for number, part in enumerate(path.split(".")):
            name, bracket, index = part.partition("[")
            done += f".{name}" if number else name
            yield "." * bool(number) + self._called.get(done, name) + bracket + index
            done += bracket + index

    def _put(self, value: object, group: str, path: str) -> object:
        if isinstance(value, list):
            return [self._put(each, group, f"{path}[{n}]") for n, each in enumerate(value)]
        if not isinstance(value, dict):
            return value
        if group == "obligations" and not path.endswith("]"):
            return self._by_name(value, path)
        return self._members(value, group, path)

    def _by_name(self, value: Mapping[str, object], path: str) -> dict[str, object]:
        """Return obligations that are told by their names, which are no keys."""
        return {
            name: self._members(each, "obligations", f"{path}.{name}")
            if isinstance(each, dict)
            else each
            for name, each in value.items()
        }

    def _members(self, value: Mapping[str, object], group: str, path: str) -> dict[str, object]:
        found: dict[str, object] = {}
        for name, each in value.items():
            key = GROUPS[group].get(name, name)
            if key in found:
                raise Node(each, path).refuse(f"“{key}” is there twice: “{name}” says it again.")
            inner = f"{path}.{key}" if path else key
            if key != name:
                self._called[inner] = name
            found[key] = self._member(each, group, key, inner)
        return found

    def _member(self, value: object, group: str, key: str, path: str) -> object:
        if (words := _SAID_BY.get((group, key))) is not None and isinstance(value, str):
            return self._word(value, words, path)
        within = _INSIDE.get(group, {}).get(key)
        return value if within is None else self._put(value, within, path)

    def _word(self, value: str, words: str, path: str) -> str:
        said = value.strip().lower().replace("-", "_").replace(" ", "_")
        if words == "pattern" and said in UNSAID:
            why = f"“{value}” leaves open how months are counted: say {_SAYING}."
            raise self.refusal(Node(value, path).refuse(why))
        return WORDS[words].get(said, said)
