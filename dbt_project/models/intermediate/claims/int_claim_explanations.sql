with claims as (

    select * from {{ ref('int_claims') }}

),

verdicts as (

    select * from {{ ref('int_claim_verdicts') }}

),

claim_sessions as (

    select * from {{ ref('int_claim_sessions') }}

),

bases as (

    select * from {{ ref('int_claim_bases') }}

),

extremes as (

    select * from {{ ref('int_claim_extremes') }}

),

gathered as (

    select
        claims.claim_id,
        claims.measure,
        claims.sign,
        claims.unit,
        claims.symbol,
        claims.session_date,
        claims.reason,
        verdicts.verdict,
        verdicts.basis,
        verdicts.nearest_basis,
        claim_sessions.* exclude (claim_id, symbol, session_date),
        at_close.derived_value as derived_close,
        in_range.derived_low as derived_low,
        in_range.derived_high as derived_high,
        deciding.derived_value as derived_deciding,
        deciding.derived_low as deciding_low,
        deciding.derived_high as deciding_high,
        nearest.derived_value as derived_nearest,
        extremes.* exclude (claim_id),
        {{ basis_label('verdicts.basis') }} as basis_label,
        {{ basis_label('verdicts.nearest_basis') }} as nearest_label,
    from claims
    inner join verdicts on claims.claim_id = verdicts.claim_id
    left join claim_sessions on claims.claim_id = claim_sessions.claim_id
    left join bases as at_close
        on claims.claim_id = at_close.claim_id and at_close.basis = 'close_to_close'
    left join bases as in_range
        on claims.claim_id = in_range.claim_id and in_range.basis = 'intraday_range'
    left join bases as deciding
        on claims.claim_id = deciding.claim_id and verdicts.basis = deciding.basis
    left join bases as nearest
        on claims.claim_id = nearest.claim_id and verdicts.nearest_basis = nearest.basis
    left join extremes on claims.claim_id = extremes.claim_id

),

worded as (

    select
        *,
        {{ format_figure('sign * derived_close', 'unit') }} || ' at the close ('
        || {{ format_price('previous_close') }} || ' on ' || previous_session_date || ' to '
        || {{ format_price('close') }} || ')'
            as at_the_close,
        case
            when symbol is null then 'the claim names no listing'
            when session_index is null
                then coalesce(cast(session_date as varchar), 'the day') || ' is not a session of ' || mic
            when close is null
                then 'the bar of ' || session_date || ' is ' || coalesce(close_quality, 'missing')
            when previous_close is null
                then
                    'the bar of the previous session, ' || scheduled_previous_session_date || ', is '
                    || coalesce(previous_close_quality, 'missing')
                    || coalesce(
                        '; against the last good close, '
                        || {{ format_price('last_good_close') }} || ' on '
                        || last_good_session_date || ', the move would be '
                        || printf('%+.2f %%', 100 * (close / last_good_close - 1)),
                        ''
                    )
            when measure = 'largest_fall_since'
                then 'the bars begin on ' || first_session_date || ', after the month it names'
            when measure = 'recovered_after_early_fall'
                then 'the session has no open'
            when measure = 'market_value_change'
                then 'no share count or exchange rate is on file for the day'
            else 'the basis it names has no price'
        end as what_is_missing,
    from gathered

),

explained as (

    select
        claim_id,
        derived_close,
        derived_low,
        derived_high,
        derived_deciding,
        rests_on_correction,
        correction_citation,
        case
            when verdict = 'not_testable' then reason
            when verdict = 'insufficient_data' then what_is_missing
            when measure = 'largest_fall_since' then
                printf('%+.2f %% at the close; ', sign * derived_move_pct) || coalesce(
                    'the last fall at least as large was '
                    || printf('%+.2f %%', sign * last_larger_move_pct) || ' on '
                    || last_larger_session_date,
                    'no fall as large since the bars begin on ' || first_session_date
                )
            when measure = 'recovered_after_early_fall'
                then
                    'opened ' || printf('%+.2f %%', 100 * (open / previous_close - 1))
                    || ' at ' || {{ format_price('open') }} || ' and closed '
                    || printf('%+.2f %%', 100 * (close / previous_close - 1)) || ' at '
                    || {{ format_price('close') }}
            when verdict = 'confirmed' and basis = 'open'
                then {{ format_figure('sign * derived_deciding', 'unit') }} || ' at the open'
            when verdict = 'confirmed' then at_the_close
            when verdict = 'consistent_intraday'
                then
                    at_the_close || '; during the session it stood between '
                    || {{ format_figure('least(sign * derived_low, sign * derived_high)', 'unit') }}
                    || ' and '
                    || {{ format_figure('greatest(sign * derived_low, sign * derived_high)', 'unit') }}
                    || ', which meets the figure'
            when verdict = 'confirmed_other_basis'
                then
                    at_the_close || '; it fits ' || basis_label || ': '
                    || {{ format_figure('least(sign * deciding_low, sign * deciding_high)', 'unit') }}
                    || if(
                        deciding_high - deciding_low > 1e-9 * abs(deciding_high),
                        ' to '
                        || {{ format_figure(
                            'greatest(sign * deciding_low, sign * deciding_high)', 'unit'
                        ) }}
                        || if(unit = 'eur', ', at the reference rates of the two days', ''),
                        ''
                    )
            else
                at_the_close || '; no basis fits, the nearest is ' || nearest_label || ': '
                || {{ format_figure('sign * derived_nearest', 'unit') }}
        end as explanation,
    from worded

)

select
    claim_id,
    derived_close,
    derived_low,
    derived_high,
    derived_deciding,
    explanation || if(
        coalesce(rests_on_correction, false),
        '. Rests on a corrected close: ' || correction_citation,
        ''
    ) as explanation,
from explained
