{# Every group test: the column of int_group_statistics that holds it, its degrees of freedom (none
   for a normal statistic) and what it needs beyond the event window: nothing, the residuals of the
   estimation window over time (`series`), or ranks of them. #}
{% macro group_tests() %}
    {{ return([
        {'name': 'cross_sectional_t', 'df': 'member_df', 'needs': 'members'},
        {'name': 'skewness_adjusted_t', 'df': 'member_df', 'needs': 'members'},
        {'name': 'crude_dependence_t', 'df': 'series_df', 'needs': 'series'},
        {'name': 'portfolio_t', 'df': 'series_df', 'needs': 'series'},
        {'name': 'patell_z', 'df': none, 'needs': 'members'},
        {'name': 'patell_adjusted_z', 'df': none, 'needs': 'series'},
        {'name': 'bmp_t', 'df': 'member_df', 'needs': 'members'},
        {'name': 'bmp_adjusted_t', 'df': 'member_df', 'needs': 'series'},
        {'name': 'corrado_rank_z', 'df': none, 'needs': 'ranks'},
        {'name': 'corrado_zivney_rank_z', 'df': none, 'needs': 'ranks'},
        {'name': 'grank_t', 'df': 'grank_df', 'needs': 'generalised_ranks'},
        {'name': 'grank_z', 'df': none, 'needs': 'generalised_ranks'},
        {'name': 'sign_z', 'df': none, 'needs': 'members'},
        {'name': 'generalised_sign_z', 'df': none, 'needs': 'members'},
        {'name': 'wilcoxon_signed_rank_z', 'df': none, 'needs': 'signed_ranks'},
        {'name': 'bhar_t', 'df': 'member_df', 'needs': 'members'},
        {'name': 'precision_weighted_z', 'df': none, 'needs': 'members'},
    ]) }}
{% endmacro %}
