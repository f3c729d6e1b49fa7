{{ runs_after('int_stale_subjects') }}
{{ config(
    materialized='incremental',
    incremental_strategy='by_key',
    meta={'stale': 'int_stale_subjects', 'key': ['subject_key']}
) }}

-- What the abnormal returns of the estimation window say about the model: their moments, and how
-- each follows the one before.
with fitted as (
    select
        buckets.*,
        estimations.model,
        estimations.needs_benchmark,
        estimations.alpha,
        estimations.beta,
        estimations.sigma * sqrt(estimations.degrees_of_freedom) as unit,
    from {{ ref('int_subject_buckets') }} as buckets
    inner join {{ ref('int_touched_subjects') }} as touched
        on buckets.subject_key = touched.subject_key
    inner join {{ ref('int_estimations') }} as estimations
        on buckets.subject_key = estimations.subject_key
    where estimations.sigma > 0
),

residuals as (
    {{ estimation_residuals('fitted') }}
),

-- in units that leave 1 as the sum of squares, but for gaps: no term and no sum is large
scaled as (
    select
        subject_key,
        model,
        unit,
        k,
        a / unit as a,
        previous_a / unit as previous_a,
    from residuals
),

summed as (
    select
        subject_key,
        model,
        any_value(unit) as unit,
        count(*) as n,
        sum(k) as k,
        sum(k * k) as kk,
        {{ order_free_sum('a', bound=64) }} as a,
        {{ order_free_sum('k * a', bound=64) }} as ka,
        {{ order_free_sum('a * a', bound=2) }} as aa,
        {{ order_free_sum('a * a * a') }} as aaa,
        {{ order_free_sum('a * a * a * a') }} as aaaa,
        {{ order_free_sum('a * previous_a') }} as lagged_product,
        {{ order_free_sum('(a - previous_a) * (a - previous_a)', bound=16) }}
            as lagged_difference_squares,
        count_if(a > 0) / count(*) as positive_share,
    from scaled
    group by subject_key, model
),

centred as (
    select
        *,
        a / n as mean,
        -- what is all the same but for rounding has no shape
        case
            when aa / n - (a / n) * (a / n) > 1e-12 * aa / n then aa / n - (a / n) * (a / n)
        end as m2,
        aaa / n - 3 * (a / n) * aa / n + 2 * pow(a / n, 3) as m3,
        aaaa / n - 4 * (a / n) * aaa / n + 6 * pow(a / n, 2) * aa / n - 3 * pow(a / n, 4) as m4,
    from summed
)

select
    subject_key,
    model,
    positive_share,
    unit * a / k as mean_per_session,
    -- about the mean per session
    unit * unit * (aa - 2 * (a / k) * ka + (a / k) * (a / k) * kk) as deviation_squares,
    lagged_product / aa as autocorrelation,
    lagged_difference_squares / aa as durbin_watson,
    m3 / pow(m2, 1.5) as skewness,
    m4 / (m2 * m2) as kurtosis,
    n / 6.0 * (
        m3 * m3 / (m2 * m2 * m2) + (m4 / (m2 * m2) - 3) * (m4 / (m2 * m2) - 3) / 4.0
    ) as jarque_bera,
from centred
