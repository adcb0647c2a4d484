using System.Text.Encodings.Web;
using System.Text.Json;
using Governance.Domain.Privacy;
using Governance.Infrastructure.Privacy;

namespace Governance.Web.Components.Pages.Privacy;

/// <summary>What pages say about captured content.</summary>
internal static class ContentWords
{
    /// <summary>The text is shown as text, so that nothing in it has to be hidden from HTML.</summary>
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(CapturedSides sides) => sides switch
    {
        CapturedSides.Prompts => "Prompts",
        CapturedSides.Completions => "Completions",
        _ => "Prompts and completions",
    };

    /// <summary>Why there is nothing to read.</summary>
    public static string WhyNone(ContentState state) => state switch
    {
        ContentState.NotPermitted => "Your roles do not allow reading prompts and completions, nor whether any are kept (content.read).",
        ContentState.NeverPassed => "The call was reported afterwards. Its text never passed this program.",
        ContentState.NoRule => "No rule covers this call, so neither its prompt nor its completion was kept.",
        ContentState.NotCaptured => "A rule covers this call now, but nothing was kept when it was made.",
        ContentState.Expired => "Its time is over: what was kept of this call has been deleted, or is about to be.",
        ContentState.Erased => "The end user's data was erased. What was kept of this call cannot be read by anybody any more.",
        _ => "",
    };

    /// <summary>JSON with line breaks; anything else as it is.</summary>
    public static string Readable(ContentText text)
    {
        try
        {
            using var json = JsonDocument.Parse(text.Text);
            return JsonSerializer.Serialize(json.RootElement, Indented);
        }
        catch (JsonException)
        {
            return text.Text;
        }
    }
}
