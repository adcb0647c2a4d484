using System.Text;
using CsvHelper;
using Governance.Domain;

namespace Governance.Infrastructure.Identity.Import;

/// <summary>A CSV file of people to invite: reads what stands in it, and judges nothing.</summary>
public static class PeopleFile
{
    public const int MaxBytes = 1_000_000;
    public const int MaxRows = 2_000;

    /// <summary>The columns; the last two may be missing.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["name", "email", "role", "team", "scope"];

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A record as it stands in the file, with the line it begins in: from 1, the header counted.</summary>
    internal sealed record Record(int Line, string Name, string Email, string Role, string Team, string Scope, bool HasTooManyFields);

    /// <summary>Every record, or why the file cannot be read at all.</summary>
    internal static Result<IReadOnlyList<Record>> Read(byte[] content)
    {
        if (content.Length > MaxBytes) return Unreadable("The file is larger than 1 MB. Import it in parts.");
        try
        {
            return Read(Utf8.GetString(content));
        }
        catch (DecoderFallbackException)
        {
            return Unreadable("The file is not UTF-8. Save it as “CSV UTF-8”, and import it again.");
        }
        catch (CsvFormatException exception)
        {
            return Unreadable(exception.LineNumber is { } line
                ? $"Line {line} is not CSV: look for a quotation mark that is not closed."
                : "This is not CSV. The first line must be: name,email,role,team,scope");
        }
    }

    private static Result<IReadOnlyList<Record>> Read(string text)
    {
        using var csv = CsvReader.Create(new StringReader(text.TrimStart('\uFEFF')), new CsvReaderOptions
        {
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
            TrimWhitespace = true,
            IncludeValuesInExceptions = false,
            NormalizeHeaderName = name => name.Trim().ToLowerInvariant(),
        });
        if (text.Trim().Length == 0) return Unreadable("There is nothing to import: the file is empty.");
        foreach (var column in Columns.Take(3))
        {
            if (!csv.TryGetFieldIndex(column, out _)) return Unreadable($"The column “{column}” is missing. The first line must be: name,email,role,team,scope");
        }

        var records = new List<Record>();
        while (csv.Read())
        {
            if (records.Count == MaxRows) return Unreadable($"There are more than {MaxRows:N0} rows. Import them in parts.");
            records.Add(new Record((int)csv.LineNumber, Field("name"), Field("email"), Field("role"), Field("team"), Field("scope"), csv.FieldCount > csv.Headers.Count));
        }

        return records.Count == 0 ? Unreadable("There is nobody to import: only the header is there.") : records;

        string Field(string column) => csv.TryGetFieldIndex(column, out var index) && index < csv.FieldCount ? csv.GetString(index).Trim() : "";
    }

    private static Refusal Unreadable(string message) => Refusal.Invalid("File", message);
}
