-- One column for each test of macros/group_tests.sql; null where the test has no answer.
with sums as (
    select
        *,
        window_last - window_first + 1 as sessions,
        -- members that differ by rounding only do not vary
        case when car_deviation > 1e-12 * abs(caar) then car_deviation end as deviation,
        case when scar_deviation > 1e-12 * abs(scar_mean) then scar_deviation end as spread,
        case when bhar_deviation > 1e-12 * abs(mean_bhar) then bhar_deviation end
            as bhar_spread,
    from {{ ref('int_group_sums') }}
),

parametric as (
    select
        *,
        caar * sqrt(n) / deviation as cross_sectional_t,
        car_cubes / (n * pow(deviation, 3)) as skew,
        case when least_degrees_of_freedom > 2 then scar_sum / sqrt(scar_variance_sum) end
            as patell_z,
        scar_mean * sqrt(n) / spread as bmp_t,
        (positive - n / 2.0) / sqrt(n / 4.0) as sign_z,
        case
            when positive_share > 0 and positive_share < 1
                then
                    (positive - n * positive_share)
                    / sqrt(n * positive_share * (1.0 - positive_share))
        end as generalised_sign_z,
        mean_bhar * sqrt(n) / bhar_spread as bhar_t,
        weighted_car_sum / sqrt(precision_sum) as precision_weighted_z,
    from sums
)

select
    parametric.group_key,
    parametric.model,
    parametric.window_first,
    parametric.window_last,
    parametric.n,
    parametric.positive,
    parametric.negative,
    parametric.caar,
    parametric.weighted_car_sum / parametric.precision_sum as precision_weighted_caar,
    parametric.n - 1 as member_df,
    dependence.sessions - 1 as series_df,
    generalised_ranks.grank_df,
    parametric.cross_sectional_t,
    -- Johnson (1978), Journal of the American Statistical Association 73, 536-544
    parametric.cross_sectional_t
    + parametric.skew * parametric.cross_sectional_t * parametric.cross_sectional_t
    / (3.0 * sqrt(parametric.n)) + parametric.skew / (6.0 * sqrt(parametric.n))
        as skewness_adjusted_t,
    parametric.caar / nullif(dependence.crude_deviation * sqrt(parametric.sessions), 0)
        as crude_dependence_t,
    parametric.caar / nullif(dependence.portfolio_deviation * sqrt(parametric.sessions), 0)
        as portfolio_t,
    parametric.patell_z,
    case
        when 1.0 + (parametric.n - 1) * dependence.mean_correlation > 1e-9
            then
                parametric.patell_z
                / sqrt(1.0 + (parametric.n - 1) * dependence.mean_correlation)
    end as patell_adjusted_z,
    parametric.bmp_t,
    case
        when
            1.0 + (parametric.n - 1) * dependence.mean_correlation > 1e-9
            and dependence.mean_correlation < 1
            then parametric.bmp_t * sqrt(
                (1.0 - dependence.mean_correlation)
                / (1.0 + (parametric.n - 1) * dependence.mean_correlation)
            )
    end as bmp_adjusted_t,
    rank_statistics.corrado_rank_z,
    rank_statistics.corrado_zivney_rank_z,
    generalised_ranks.grank_t,
    generalised_ranks.grank_z,
    parametric.sign_z,
    parametric.generalised_sign_z,
    signed_ranks.wilcoxon_signed_rank_z,
    parametric.bhar_t,
    parametric.precision_weighted_z,
from parametric
left join {{ ref('int_group_dependence') }} as dependence using (group_key, model)
left join {{ ref('int_rank_statistics') }} as rank_statistics
    using (group_key, model, window_first, window_last)
left join {{ ref('int_generalised_ranks') }} as generalised_ranks
    using (group_key, model, window_first, window_last)
left join {{ ref('int_signed_ranks') }} as signed_ranks
    using (group_key, model, window_first, window_last)
