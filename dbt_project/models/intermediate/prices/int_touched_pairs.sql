-- noqa: disable=AM04
-- The columns are those of macros/paired_returns.sql.
select * from (
    {{ paired_returns(is_continued=is_continued()) }}
)
{%- if execute and not is_continued() %}
-- a build from landing makes them all in int_paired_returns
where false
{%- endif %}
