namespace Governance.Domain.Costs;

/// <summary>What providers price by the piece.</summary>
public enum UnitClass
{
    Request,
    Image,
    AudioSecond,
    Search,
    ToolCall,
}
