namespace Governance.Infrastructure.Data;

/// <summary>A row that states a fact: it is inserted once and neither changed nor deleted by the application.</summary>
public interface IAppendOnly;
