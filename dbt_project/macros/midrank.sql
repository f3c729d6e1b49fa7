{# Rank from 1 upwards within a partition, equals sharing their mean rank: one less than the first of
   them and the last of them come out of the same sort. #}
{% macro midrank(partition, value) -%}
    (
        rank() over (partition by {{ partition }} order by {{ value }})
        + count(*) over (partition by {{ partition }} order by {{ value }})
    ) / 2.0
{%- endmacro %}

{# The same as a share of the partition, from -1/2 to 1/2; the frame is all of it, and its order only
   spares a second sort. #}
{% macro rank_share(partition, value) -%}
    {{ midrank(partition, value) }} / (
        1.0 + count(*) over (
            partition by {{ partition }} order by {{ value }}
            rows between unbounded preceding and unbounded following
        )
    ) - 0.5
{%- endmacro %}
