using System.Text.Json;
using Governance.Domain.Costs;

namespace Governance.Domain.Proxy.OpenAi;

/// <summary>One item of a response's output: a message, reasoning, or a call of a tool.</summary>
/// <param name="Units">What the provider's own tools did.</param>
/// <param name="Bytes">Bytes of what the model wrote.</param>
internal readonly record struct OutputItem(UnitUsage Units, long Bytes)
{
    /// <summary>Reads the item into which the cursor stepped.</summary>
    public static OutputItem Read(ref Utf8JsonReader reader)
    {
        string? type = null, action = null;
        long bytes = 0;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("type"u8)) type = JsonReading.Text(ref reader);
            else if (reader.ValueTextEquals("action"u8)) action = ReadAction(ref reader);
            else if (IsWritten(ref reader)) bytes += WrittenBytes(ref reader);
            else JsonReading.SkipValue(ref reader);
        }

        return new OutputItem(UnitsOf(type, action), bytes);
    }

    public static UnitUsage Sum(UnitUsage a, UnitUsage b) => new(
        a.Images + b.Images, a.AudioMilliseconds + b.AudioMilliseconds, a.Searches + b.Searches, a.ToolCalls + b.ToolCalls);

    public static UnitUsage Larger(UnitUsage a, UnitUsage b) => new(
        Math.Max(a.Images, b.Images), Math.Max(a.AudioMilliseconds, b.AudioMilliseconds), Math.Max(a.Searches, b.Searches), Math.Max(a.ToolCalls, b.ToolCalls));

    /// <summary>
    /// Of what a web search does only searching is charged, not opening or reading a page (platform.openai.com/docs/guides/tools-web-search).
    /// Functions, computers and local shells are the caller's own; a shell whose output stands in the response ran at OpenAI. Calls of MCP
    /// servers cost nothing beside their tokens (/docs/guides/tools-connectors-mcp).
    /// </summary>
    private static UnitUsage UnitsOf(string? type, string? action) => type switch
    {
        "web_search_call" => new UnitUsage(Searches: action is null or "search" ? 1 : 0),
        "file_search_call" => new UnitUsage(ToolCalls: 1), // A search of files costs less than one of the web.
        "image_generation_call" => new UnitUsage(Images: 1),
        "code_interpreter_call" or "shell_call_output" => new UnitUsage(ToolCalls: 1),
        _ => default,
    };

    /// <summary>Names of what a model writes, in whichever kind of item.</summary>
    private static bool IsWritten(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("summary"u8) || reader.ValueTextEquals("arguments"u8)
        || reader.ValueTextEquals("input"u8) || reader.ValueTextEquals("code"u8);

    private static string? ReadAction(ref Utf8JsonReader reader)
    {
        string? type = null;
        if (!JsonReading.EntersObject(ref reader)) return type;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("type"u8)) type = JsonReading.Text(ref reader);
            else JsonReading.SkipValue(ref reader);
        }

        return type;
    }

    /// <summary>Bytes of a text, or of the texts and refusals in an array of parts.</summary>
    private static long WrittenBytes(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return reader.ValueSpan.Length;
        if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject)) return 0;

        var depth = reader.CurrentDepth;
        var written = false;
        long bytes = 0;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.PropertyName) written = reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("refusal"u8);
            else if (reader.TokenType == JsonTokenType.String && written) bytes += reader.ValueSpan.Length;
        }

        return bytes;
    }
}
