with claims as (select * from {{ ref('int_claims') }}),

verdicts as (select * from {{ ref('int_claim_verdicts') }}),

obstacles as (select * from {{ ref('int_claim_obstacles') }}),

corrections as (select * from {{ ref('int_claim_corrections') }}),

measure_wordings as (select * from {{ ref('int_claim_measure_wordings') }}),

wordings as (select * from {{ ref('int_claim_wordings') }}),

slips as (select * from {{ ref('int_claim_slips') }}),

triangulations as (select * from {{ ref('int_claim_triangulations') }}),

slip_wordings as (select * from {{ ref('int_claim_slip_wordings') }}),

worded as (
    select
        claims.claim_id,
        claims.measure,
        claims.reason,
        claims.is_intraday_allowed,
        verdicts.verdict,
        obstacles.obstacle,
        measure_wordings.finding_text,
        corrections.correction_text,
        triangulations.triangulation_text,
        case
            when slips.kind = 'reading' then ' It fits another reading: '
            when verdicts.verdict = 'confirmed_other_basis' then ' It may also be a slip: '
            else ' It looks like a slip: '
        end || slip_wordings.slip_text || '.' as slip_text,
        case
            when claims.measure = 'price_level' then 'price'
            when claims.measure = 'market_value_level' then 'market value'
            else 'change'
        end as quantity,
        'At ' || own.label || ' the ' || quantity || ' was ' || own.move_text as own_text,
        own_text || ', not ' || {{ allowance_words() }} || '. ' as misfit_text,
        case claims.as_of
            when 'unstated' then 'The article does not say as of when'
            when 'intraday' then 'The figure is as of a moment within the session'
            else 'The figure is as of the ' || replace(claims.as_of, '_', ' ')
        end as moment,
        'during the session the ' || quantity || ' lay ' || in_range.move_text as range_text,
        deciding.label || ': ' || deciding.move_text
        || coalesce('. Source of that price: ' || deciding.observation_source, '') as deciding_text,
        if(
            verdicts.nearest_basis = claims.own_basis,
            '; the nearest is ' || own.label || ' itself',
            '; the nearest is ' || nearest.label || ': ' || nearest.move_text
        ) as nearest_text,
    from claims
    inner join verdicts on claims.claim_id = verdicts.claim_id
    left join obstacles on claims.claim_id = obstacles.claim_id
    left join corrections on claims.claim_id = corrections.claim_id
    left join measure_wordings on claims.claim_id = measure_wordings.claim_id
    left join slips on claims.claim_id = slips.claim_id
    left join triangulations on claims.claim_id = triangulations.claim_id
    left join slip_wordings on claims.claim_id = slip_wordings.claim_id
    left join wordings as own
        on claims.claim_id = own.claim_id and claims.own_basis = own.basis
    left join wordings as in_range
        on claims.claim_id = in_range.claim_id and in_range.basis = 'intraday_range'
    left join wordings as deciding
        on claims.claim_id = deciding.claim_id and verdicts.basis = deciding.basis
    left join wordings as nearest
        on claims.claim_id = nearest.claim_id and verdicts.nearest_basis = nearest.basis
),

explained as (
    select
        *,
        case
            when verdict = 'not_testable'
                then
                    coalesce(
                        reason,
                        'Prices do not show a figure of this kind: ' || replace(measure, '_', ' ')
                        || '.'
                    )
            when obstacle is not null then concat_ws(' ', obstacle, triangulation_text)
            when finding_text is not null then finding_text
            when verdict = 'confirmed' then own_text || '.'
            when verdict = 'consistent_intraday'
                then
                    misfit_text || moment || ', and ' || range_text
                    || ', a range that meets the figure.'
            when verdict = 'insufficient_data'
                then
                    misfit_text || moment
                    || ', but the low and high of the session are not on file.'
            when verdict = 'confirmed_other_basis'
                then misfit_text || moment || '; the reading that fits is ' || deciding_text || '.'
            else
                misfit_text || if(is_intraday_allowed, moment || ', but ' || range_text || '. ', '')
                || 'No other reading that the bars allow fits' || nearest_text || '.'
        end as explanation,
    from worded
)

select
    claim_id,
    explanation || coalesce(slip_text, '') || if(
        verdict = 'not_testable' or obstacle is not null,
        '',
        coalesce(' Rests on a corrected close of ' || correction_text || '.', '')
    ) as explanation,
from explained
