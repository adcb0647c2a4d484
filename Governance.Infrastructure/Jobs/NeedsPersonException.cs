namespace Governance.Infrastructure.Jobs;

/// <summary>Thrown by a handler that knows that no further attempt can succeed: the item waits for a person, with this message as the reason.</summary>
public sealed class NeedsPersonException(string message, Exception? inner = null) : Exception(message, inner);
