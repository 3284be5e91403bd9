"""The app: pages, map and live what-if in a browser, and a JSON interface beside them.

`service` knows neither pages nor HTTP; `api` and `pages` are two ways to it.
"""
