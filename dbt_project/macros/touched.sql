{# How a build continues the one before it, in work proportional to what changed since.

   The batches landed since then (`stg_landed_batches`) say which instruments are touched, and from
   which session on (`int_touched_prices`, `int_touched_returns`). An incremental model reads the
   rows of those instruments from `read_from_session_date`, which is far enough back for every
   window function in it; what it makes of them replaces its rows in the touched ranges. Whether the
   warehouse can be continued at all is decided before dbt starts. #}

{# The rows of a model: all of them, or those that a continued build has to read. #}
{% macro touched_rows(model_name, touched_model='int_touched_prices', is_continued=none) -%}
    {%- if not execute or (is_incremental() if is_continued is none else is_continued) -%}
    {%- set touched = ref(touched_model) -%}
    select every.*
    from {{ ref(model_name) }} as every
    inner join {{ touched }} as touched
        on
            every.symbol = touched.symbol
            and every.session_date >= touched.read_from_session_date
    where {{ bounds(touched, 'read_from_session_date') if execute else 'true' }}
    {%- else -%}
    select * from {{ ref(model_name) }}
    {%- endif -%}
{%- endmacro %}

{# Incremental strategy `touched`: the rows in the touched ranges are deleted, and the new ones inside
   them inserted. Other ranges than those of prices stand in the model's meta. #}
{% macro get_incremental_touched_sql(arg_dict) -%}
    {%- set touched = ref(model.config.meta.get('touched', 'int_touched_prices')) -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    delete from {{ arg_dict['target_relation'] }} as every
    using {{ touched }} as touched
    where
        {{ is_touched() }}
        and {{ bounds(touched, 'from_session_date') }};
    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }}
    from {{ arg_dict['temp_relation'] }} as every
    where exists (select 1 from {{ touched }} as touched where {{ is_touched() }})
{%- endmacro %}

{# Incremental strategy `by_key`: the rows whose key another table names are deleted, and the new ones
   inserted. The model's meta says which: `{'stale': 'int_stale_subjects', 'key': ['subject_key']}`,
   and `'among': 'is_main'` where only some rows of that table count. #}
{% macro get_incremental_by_key_sql(arg_dict) -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    delete from {{ arg_dict['target_relation'] }} as every
    using {{ ref(model.config.meta['stale']) }} as named
    where {{ is_named(model.config.meta) }};
    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }}
    from {{ arg_dict['temp_relation'] }}
{%- endmacro %}

{% macro is_named(meta) -%}
    {%- for column in meta['key'] %}
        every.{{ column }} is not distinct from named.{{ column }}
        {{- ' and ' if not loop.last }}
    {%- endfor -%}
    {{ ' and named.' ~ meta['among'] if meta['among'] }}
{%- endmacro %}

{# A model that is named while a statement is made, where dbt cannot see it, or that has to run before.
   Written as a `ref` it would have to be given to every unit test. #}
{% macro runs_after(model_name) -%}
    {%- if not execute -%}{%- do ref(model_name) -%}{%- endif -%}
{%- endmacro %}

{# Whether this build continues the one before it: a model that is made anew each time may look at
   what a later one still holds. #}
{% macro is_continued() -%}
    {{- return(not execute or (not flags.FULL_REFRESH and built_before('int_paired_returns') is not none)) -}}
{%- endmacro %}

{% macro is_touched() -%}
    every.symbol = touched.symbol
    and every.session_date between touched.from_session_date and touched.until_session_date
{%- endmacro %}

{# A condition in literals that every touched row meets, which lets a scan skip blocks: the first
   day of a column and, if they are few, the symbols. #}
{% macro bounds(touched, column, rows='every') -%}
    {%- set asked -%}
        select
            coalesce(min({{ column }}), '9999-12-31'),
            if(
                count(distinct symbol) > 50,
                'true',
                '{{ rows }}.symbol in ('
                || coalesce(string_agg(distinct '''' || replace(symbol, '''', '''''') || ''''), '''''')
                || ')'
            )
        from {{ touched }}
    {%- endset -%}
    {%- set found = run_query(asked).rows[0] -%}
    {{ rows }}.session_date >= date '{{ found[0] }}' and {{ found[1] }}
{%- endmacro %}

{# A day before every session: a range from here on is the whole instrument. #}
{% macro beginning() -%}
    date '0001-01-01'
{%- endmacro %}

{# From when on an instrument's rows have to be made again and read, if something of it changed on
   the day `touched_from`. The rows before that day stand. Within 60 days before it there must be a
   month of good bars, for the windows to look back on, or the whole instrument is touched. #}
{% macro look_back(touches, prices) -%}
    select
        touches.symbol,
        touches.touched_from,
        touches.touched_from - 60 as read_from_session_date,
        max(prices.session_date) as last_session_date,
    from {{ touches }} as touches
    inner join {{ prices }} as prices
        on
            touches.symbol = prices.symbol
            and prices.session_date < touches.touched_from
            and prices.session_date >= touches.touched_from - 60
    where
        prices.price_source = 'provider'
        and touches.touched_from > {{ beginning() }}
    group by touches.symbol, touches.touched_from
    having count(*) > 20
{%- endmacro %}

{# A model's table as the build before left it, or none. Not a ref: the model runs later. #}
{% macro built_before(model_name) -%}
    {%- if execute and model.resource_type == 'model' -%}
        {{- return(adapter.get_relation(this.database, this.schema, model_name)) -}}
    {%- endif -%}
{%- endmacro %}

{# What a data test looks at: in a continued build the rows of a model that were made again, since the
   rows beside them were tested when they were made; `dbt test` by hand looks at all. #}
{% macro get_where_subquery(relation) -%}
    {%- set conditions = [config.get('where')] if config.get('where') else [] -%}
    {%- set made_again = rows_made_again(relation) -%}
    {%- if made_again -%}
        {%- do conditions.append(made_again) -%}
    {%- endif -%}
    {%- if conditions -%}
    (select * from {{ relation }} as every where {{ conditions | join(' and ') }}) as dbt_subquery
    {%- else -%}
    {{ relation }}
    {%- endif -%}
{%- endmacro %}

{# Which rows of a model this build makes again, as a condition; none when it makes all of it. #}
{% macro rows_made_again(relation) -%}
    {%- if not execute or flags.WHICH != 'build' or flags.FULL_REFRESH -%}
        {{- return(none) -}}
    {%- endif -%}
    {%- for node in graph.nodes.values()
        if node.resource_type == 'model' and node.name == relation.identifier
        and node.config.materialized == 'incremental' -%}
        {%- set batches = adapter.get_relation(relation.database, 'staging', 'stg_landed_batches') -%}
        {%- if run_query('select bool_or(is_continued) from ' ~ batches).columns[0].values()[0] -%}
            {%- set meta = node.config.meta -%}
            {%- if node.config.incremental_strategy == 'by_key' -%}
                {#- int_stale_subjects are the old rows of int_touched_subjects, and groups their own -#}
                {%- set name = meta['stale'] | replace('stale', 'touched') -%}
                {%- set made = adapter.get_relation(relation.database, 'intermediate', name) -%}
                {{- return('exists (select 1 from ' ~ made ~ ' as named where ' ~ is_named(meta) ~ ')') -}}
            {%- elif node.config.incremental_strategy == 'touched' -%}
                {%- set name = meta.get('touched', 'int_touched_prices') -%}
                {%- set schema = 'staging' if name.startswith('stg_') else 'intermediate' -%}
                {%- set made = adapter.get_relation(relation.database, schema, name) -%}
                {{- return(
                    bounds(made, 'from_session_date')
                    ~ ' and exists (select 1 from ' ~ made ~ ' as touched where ' ~ is_touched() ~ ')'
                ) -}}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(none) -}}
{%- endmacro %}

{# The first day that a continued build reads of any instrument. #}
{% macro first_day_read(touched_model) -%}
    (select min(ranges.read_from_session_date) from {{ ref(touched_model) }} as ranges)
{%- endmacro %}
