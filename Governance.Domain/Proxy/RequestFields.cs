using System.Text.Json;

namespace Governance.Domain.Proxy;

/// <summary>
/// Reads the fields that the requests of several APIs share. Each reading stands on a property's name and leaves on its value; what is wrong
/// with a value is kept as the first error.
/// </summary>
internal ref struct RequestFields
{
    /// <summary>What is wrong with the request; none so far.</summary>
    public ProxyError? Error { get; private set; }

    /// <summary>Bytes of what the model reads.</summary>
    public long PromptBytes { get; private set; }

    /// <summary>The name of a model, deployment or the like.</summary>
    public string? Model(ref Utf8JsonReader reader)
    {
        reader.Read();
        var model = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        if (reader.TokenType != JsonTokenType.String) reader.Skip();
        if (CheckModel(model) is not { } wrong) return model;
        Wrong(wrong);
        return null;
    }

    /// <summary>A flag that may be null.</summary>
    public bool Flag(ref Utf8JsonReader reader, string name)
    {
        reader.Read();
        var value = reader.TokenType == JsonTokenType.True;
        if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null)) Wrong(ProxyErrors.InvalidField(name, "must be true or false"));
        reader.Skip();
        return value;
    }

    /// <summary>A short text; none for what is none.</summary>
    public string? Text(ref Utf8JsonReader reader, string name, int maxLength, bool printable = false)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return null;
        }

        var text = reader.GetString()!;
        if (text.Length > maxLength) Wrong(ProxyErrors.InvalidField(name, $"must be at most {maxLength} characters"));
        else if (printable && text.Any(char.IsControl)) Wrong(ProxyErrors.InvalidField(name, $"must be at most {maxLength} printable characters"));
        return text;
    }

    /// <summary>A positive whole number; none for null.</summary>
    public long? Positive(ref Utf8JsonReader reader, string name)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) && value > 0) return value;
        if (reader.TokenType != JsonTokenType.Null) Wrong(ProxyErrors.InvalidField(name, "must be a positive whole number"));
        reader.Skip();
        return null;
    }

    /// <summary>Counts the value's bytes as prompt.</summary>
    public void Prompt(ref Utf8JsonReader reader)
    {
        reader.Read();
        var start = reader.TokenStartIndex;
        reader.Skip();
        PromptBytes += reader.BytesConsumed - start;
    }

    public void Wrong(ProxyError error) => Error ??= error;

    /// <summary>The first text that says something; none if neither does.</summary>
    public static string? FirstNotBlank(string? first, string? second) =>
        !string.IsNullOrWhiteSpace(first) ? first : string.IsNullOrWhiteSpace(second) ? null : second;

    /// <summary>What is wrong with a model's name; none if nothing is.</summary>
    public static ProxyError? CheckModel(string? model) =>
        string.IsNullOrWhiteSpace(model) || model.Length > CallRequest.MaxModelLength || model.Any(char.IsControl)
            ? ProxyErrors.InvalidField("model", $"must be a string of 1 to {CallRequest.MaxModelLength} printable characters")
            : null;
}
