"""Price providers: one module each, chosen by its name (`AFTERSHOCK_PRICE_PROVIDER`).

A module here is a provider and nothing else. It has one public function,
`provider(settings) -> PriceProvider`; the protocol is in `orchestration.defs.prices.provider`.
There is no registry to add it to.
"""
