"""The format of a language file: `languages/<two letters>.toml`, one file per language, no code.

Belongs here: every key, what it means, and its kind. Does not belong here: reading a file
(`language`) and what the rules do with the words (`clauses`, `moves`, `milestones`).

A PHRASE is one or more words as an article prints them, in lower case ("per cent", "net geen",
"zo'n"). It matches whole words, whatever their case. `*` at the start or the end of a word of a
phrase stands for any beginning or ending ("gestieg*", "*daling", "* of revenue" is an error: a
bare star matches nothing). Inflected forms are listed or starred. The longest phrase that begins
at a word wins and HIDES the shorter ones inside it, so "market share" in one list protects it
from "share" in another; a phrase may stand in several lists and then means all of them.
Names of companies are no part of a language: they stand in data/reference/subject_aliases.csv.
Every list may be left out (it is then empty) except those marked *.

  language *             two letters, the name of the file
  name *                 the language's English name
  capitalised_nouns      true when every noun has a capital (German), so that a capital is no name

  [numbers]
  decimal *              "." or ","
  group                  marks between groups of three digits: any of "." "," "'" " " (" " also
                         stands for no-break and thin spaces)
  one                    words that count as 1 right before a magnitude: "a" billion
  words                  table, phrase = value: seventeen = "17", "one and a half" = "1.5"; a tens
                         word and a unit word side by side are added up (twenty-one)
  fractions              table, phrase = percent: "a fifth" = "20" (then unit percent, about)
  magnitudes             table, phrase = scale: thousand = 1e3, bn = 1e9, "nghìn tỷ" = 1e12

  [units]                percent *, percentage_point, basis_point, point: words and signs
  [currencies]           ISO code in lower case = words and signs, before or after the figure:
                         usd = ["$", "us$", "dollar", "dollars"]

  [qualifiers.before]    words right before the figure, and [qualifiers.after] right after it:
                         about, just_under, more_than (also "at least"), less_than, at_most, and
                         as_much_as ("as much as", "bis zu": the extreme of the session if the
                         figure is a move, else at_most), and stressed (tới: says nothing, but
                         beside an intraday word it is as_much_as)
  [ranges]               between, and ("between 3 AND 5"), to ("3 TO 5"; a dash always counts),
                         from ("FROM 3% to 5%": levels, not a move)

  [directions.up] and [directions.down]
  verbs                  verbs that mean a price when the subject is a company, even without a
                         figure: rose, tumbled, lao dốc; participles and infinitives too
  weak                   verbs and words that mean a move only with a figure: gained, added, won
  adverbs                higher, lower, up, in the red: with a figure, or alone beside a verb of
                         levels.verbs ("closed higher")
  nouns                  a fall, a loss, *daling: with a figure, or for extremes
  multiples              table, phrase = percent: halved = "50", doubled = "100"

  [levels]
  verbs                  verbs without a direction: closed, stood, traded, stand, schloss
  to                     words right before a level: "TO $118", "AT 5,012 points", "auf", "xuống";
                         also those that qualify it: above, below, unter
  by                     words right before a move: "BY 17%", "um", "met"

  [market_value]         words: market value, market capitalisation, beurswaarde, vốn hóa
  [shares]
  words                  shares, the shares, the stock, *aktie, cổ phiếu: beside a company they say
                         that its price is meant, alone (with their article) they mean the last
                         named company
  company                words that mean the last named company: the company, the chipmaker
  any                    words that mean whoever was named last, company or index: it, its
  index                  words that mean the last named index: the index
  each                   each, both, all: one figure for every name of a list

  [extremes]             any (largest, steepest, zo'n zware), up (best), down (worst),
                         since ("SINCE March 2020")
  [ranks]                top ("TOP 10"), days ("worst DAYS")
  [recovery]             early_fall (early losses, began the day with a loss),
                         recovered (made up for, erased, recovered, maakte dat)
  [families]             words whose figures no price shows: growth (revenue, sales, profit),
                         spending (spent, invest, capex), wealth_change (fortune, richer, armer),
                         yield_change (bond yield, interest rate), other_percentage (margin,
                         market share, stake, unemployment, inflation, tariff, dividend)

  [as_of]                close, open, premarket, after_hours, intraday, intraday_low,
                         intraday_high, time_of_writing (is down, is trading, staat). A verb may
                         stand here and in levels.verbs ("closed"). time_of_writing gives way to
                         any other as-of word of its clause, and a verb of levels.verbs in it
                         counts only with a direction or a figure behind it
  [periods]              session (on the day), two_session, week, month, year_to_date, year, other;
                         in: words before a bare month or year that make it the span ("IN January")
  [durations]            day (days, sessions), week, month, year: nouns counted by a figure
                         ("two sessions", "12 months")
  [days]                 monday .. sunday, today, yesterday, last (LAST Friday: strictly before)
  [months]               january .. december, with their abbreviations
  [dates]
  patterns               how a date is written, words of: day, month (a name), monthnumber, year,
                         and anything else as printed: "month day , year", "day de month de year",
                         "day / monthnumber / year", "ngày day tháng monthnumber". A pattern
                         without day is a month ("month year"). A longer pattern wins

  [venues]               a city of exchanges.csv in lower case with _ = words for it: new_york =
                         ["new york", "wall street"]; a company listed there too takes that listing

  [cues.clause]          words that make the figures of their clause no claim, and
  [cues.sentence]        of their whole sentence: negation, conditional, forecast, target.
                         Question marks need no word. "May" the month is safe inside a date
  [structure]
  and                    what joins names or figures in a list: and, &, en ("," always counts)
  respectively           respectively, in that order, lần lượt
  separators             words that begin a new clause of the same rank: while, but, terwijl
  subordinators          words that begin a reason, a time or a comparison: after, as, because,
                         amid, despite, compared with; figures behind them need their own subject
                         or verb, and dates behind them are not the move's
  relatives              words that, right behind a comma, mean the name before it: which, whose,
                         die, waarvan, dont; their clause is an insertion
  of                     words between a move or a share and its company: of, in, van, của
  abbreviations          words with a full stop that does not end a sentence: Inc., Corp., z.B.
  ignore                 phrases that mean nothing here and hide the words in them: "up to date",
                         "in the long run", "not seen since"
"""

from __future__ import annotations

DIRECTIONS = ("up", "down")
QUALIFIERS = ("about", "just_under", "more_than", "less_than", "at_most", "as_much_as", "stressed")
AS_OF = (
    "close",
    "open",
    "premarket",
    "after_hours",
    "intraday",
    "intraday_low",
    "intraday_high",
    "time_of_writing",
)
PERIODS = ("session", "two_session", "week", "month", "year_to_date", "year", "other")
FAMILIES = ("growth", "spending", "wealth_change", "yield_change", "other_percentage")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
CUES = ("negation", "conditional", "forecast", "target")
GROUP_MARKS = (".", ",", "'", " ")

# Keys of phrase lists, by section; a section of its own table may be spelled "a.b".
PHRASES: dict[str, tuple[str, ...]] = {
    "numbers": ("one",),
    "units": ("percent", "percentage_point", "basis_point", "point"),
    "qualifiers.before": QUALIFIERS,
    "qualifiers.after": QUALIFIERS,
    "ranges": ("between", "and", "to", "from"),
    "directions.up": ("verbs", "weak", "adverbs", "nouns"),
    "directions.down": ("verbs", "weak", "adverbs", "nouns"),
    "levels": ("verbs", "to", "by"),
    "market_value": ("words",),
    "shares": ("words", "company", "any", "index", "each"),
    "extremes": ("any", "up", "down", "since"),
    "ranks": ("top", "days"),
    "recovery": ("early_fall", "recovered"),
    "families": FAMILIES,
    "as_of": AS_OF,
    "periods": (*PERIODS, "in"),
    "durations": ("day", "week", "month", "year"),
    "days": (*WEEKDAYS, "today", "yesterday", "last"),
    "months": MONTHS,
    "cues.clause": CUES,
    "cues.sentence": CUES,
    "structure": (
        "and",
        "respectively",
        "separators",
        "subordinators",
        "relatives",
        "of",
        "abbreviations",
        "ignore",
    ),
}
# Keys of tables from a phrase to a number.
TABLES: dict[str, tuple[str, ...]] = {
    "numbers": ("words", "fractions", "magnitudes"),
    "directions.up": ("multiples",),
    "directions.down": ("multiples",),
}
# Other keys: a text, a flag or a list of marks, checked one by one by the reader.
PLAIN: dict[str, tuple[str, ...]] = {
    "": ("language", "name", "capitalised_nouns"),
    "numbers": ("decimal", "group"),
    "dates": ("patterns",),
}
REQUIRED = ("language", "name", "numbers.decimal", "units.percent")
