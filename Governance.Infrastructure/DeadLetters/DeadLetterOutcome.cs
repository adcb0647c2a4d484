namespace Governance.Infrastructure.DeadLetters;

/// <summary>What came of a command about many items.</summary>
/// <param name="Count">How many it was done to.</param>
/// <param name="BulkId">What is under way, where they are too many to be done at once.</param>
/// <param name="ApprovalId">What waits for a second person, where one is needed; nothing is done before.</param>
public sealed record DeadLetterOutcome(long Count, Guid? BulkId = null, Guid? ApprovalId = null);
