namespace Governance.Domain.Proxy;

/// <summary>Which text of a call is measured.</summary>
public enum TokenSide
{
    Prompt,
    Output,
}

/// <summary>A text whose size is known in bytes and, from the provider, in tokens.</summary>
/// <param name="Provider">Whose tokens.</param>
/// <param name="Model">The model that counted them.</param>
/// <param name="Side">Prompt or answer.</param>
/// <param name="Bytes">UTF-8 bytes of the text.</param>
/// <param name="Tokens">Every token the provider reported for it; of an answer, reasoning too, because that is what is billed.</param>
public readonly record struct TokenSample(string Provider, string Model, TokenSide Side, long Bytes, long Tokens)
{
    /// <summary>Whether it can teach anything: what has no text, such as an image, says nothing about text.</summary>
    public bool IsUsable => Bytes > 0 && Tokens > 0;
}
