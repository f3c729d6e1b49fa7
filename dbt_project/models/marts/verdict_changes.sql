with changes as (select * from {{ ref('int_verdict_changes') }}),

claim_sessions as (select * from {{ ref('int_claim_sessions') }}),

restatements as (
    select * from {{ ref('int_price_restatements') }}
    where field <> 'volume'
),

-- what was served anew for the two sessions between the fetches of the two verdicts
restated as (
    select
        changes.verdict_change_id,
        string_agg(
            restatements.field || ' of ' || restatements.session_date || ' from '
            || coalesce({{ format_price('restatements.old_value') }}, 'nothing') || ' to '
            || coalesce({{ format_price('restatements.new_value') }}, 'nothing')
            || ' (' || restatements.new_provider || ', '
            || strftime(restatements.new_fetched_at at time zone 'UTC', '%Y-%m-%d') || ')',
            ', ' order by
                restatements.session_date, restatements.new_fetched_at, restatements.field
        ) as restatement_text,
    from changes
    inner join claim_sessions on changes.claim_id = claim_sessions.claim_id
    inner join restatements
        on
            changes.symbol = restatements.symbol
            and restatements.session_date
            in (changes.session_date, claim_sessions.scheduled_previous_session_date)
            and coalesce(changes.old_prices_fetched_at, timestamptz '-infinity')
            < restatements.new_fetched_at
            and changes.new_prices_fetched_at >= restatements.new_fetched_at
    group by changes.verdict_change_id
),

compared as (
    select
        changes.*,
        restated.restatement_text,
        if(changes.new_close is distinct from changes.old_close, 1, 0)
        + if(changes.new_previous_close is distinct from changes.old_previous_close, 1, 0)
            as other_closes,
        (changes.old_close is null and changes.new_close is not null)
        or (changes.old_previous_close is null and changes.new_previous_close is not null)
            as has_new_close,
        if(changes.new_prices_fetched_at is distinct from changes.old_prices_fetched_at, 1, 0)
            as new_fetches,
    from changes
    left join restated on changes.verdict_change_id = restated.verdict_change_id
),

caused as (
    select
        *,
        case
            when restatement_text is not null then 'restated_bar'
            when has_new_close and new_fetches > 0 then 'new_bar'
            when other_closes > 0 then 'correction'
            else 'other'
        end as cause,
    from compared
)

select
    verdict_change_id,
    claim_id,
    cast(change_number as integer) as change_number,
    symbol,
    session_date,
    stated_text,
    cause,
    case cause
        when 'restated_bar' then 'The provider changed the ' || restatement_text || '.'
        when 'correction' then 'A close it rests on is now another.'
        when 'new_bar' then 'A bar that was missing has come.'
        else 'Its bars are the same; something else that it rests on has changed.'
    end
    || ' The verdict on "' || stated_text || '" was ' || replace(old_verdict, '_', ' ')
    || ' and is now ' || replace(new_verdict, '_', ' ') || '.' as correction_note,
    old_version,
    old_verdict,
    new_verdict,
    old_basis,
    new_basis,
    old_derived_value,
    new_derived_value,
    old_close,
    new_close,
    old_previous_close,
    new_previous_close,
    old_price_snapshot,
    new_price_snapshot,
    old_prices_fetched_at,
    new_prices_fetched_at,
from caused
