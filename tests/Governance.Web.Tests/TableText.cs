using System.Globalization;
using System.Text;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Web.Tests;

/// <summary>Everything in the database as text, for tests that search it for what must not be there.</summary>
internal static class TableText
{
    public static async Task<string> OfAsync(GovernanceServer server, CancellationToken cancellation)
    {
        await using var db = server.Get<GovernanceDatabase>().AcrossOrganizations();
        var tables = db.Model.GetEntityTypes().Select(type => type.GetTableName()).OfType<string>().Distinct().ToList();
        var connection = db.Database.GetDbConnection();
        await connection.OpenAsync(cancellation);
        var text = new StringBuilder();
        foreach (var table in tables)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM \"{table}\"";
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                for (var i = 0; i < reader.FieldCount; i++)
                {
                    var value = reader.GetValue(i);
                    text.Append(value is byte[] bytes ? Encoding.Latin1.GetString(bytes) : Convert.ToString(value, CultureInfo.InvariantCulture)).Append('\n');
                }
            }
        }

        return text.ToString();
    }
}
