using System.Text.Json;

namespace Governance.Domain.Proxy.Gemini;

/// <summary>An API that reads a prompt and nothing else of its request matters.</summary>
/// <param name="required">The property or properties of which there must be one.</param>
public abstract class PromptRequestApi(params string[] required) : JsonRequestApi
{
    public sealed override ErrorShape Errors => GeminiErrors.Instance;

    public sealed override AnswerReader NewReader() => new GeminiReader();

    private protected sealed override (CallRequest? Request, ProxyError? Error) ReadObject(ref Utf8JsonReader reader, string? target)
    {
        var found = false;
        var fields = new RequestFields();
        while (JsonReading.NextProperty(ref reader))
        {
            if (IsRequired(ref reader))
            {
                found = true;
                fields.Prompt(ref reader);
            }
            else JsonReading.SkipValue(ref reader);
        }

        JsonReading.ReadToEnd(ref reader);
        if (target is null) return (null, ProxyErrors.InvalidField("model", "is required"));
        if (!found) return (null, ProxyErrors.InvalidField(required[0], "is required"));
        return (new CallRequest(target) { PromptBytes = fields.PromptBytes }, null);
    }

    private bool IsRequired(ref Utf8JsonReader reader)
    {
        foreach (var name in required)
        {
            if (reader.ValueTextEquals(name)) return true;
        }

        return false;
    }
}
