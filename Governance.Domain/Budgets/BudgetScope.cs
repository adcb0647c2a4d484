namespace Governance.Domain.Budgets;

/// <summary>Whose spending a budget bounds. A call falls under the budgets of its key, its application, its team and its organisation.</summary>
public enum BudgetScope
{
    Organization,
    Team,
    Application,
    Key,
}
