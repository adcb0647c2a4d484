using Governance.Infrastructure.Data;
using Governance.Testing.Data;
using Npgsql;

namespace Governance.Infrastructure.Tests.Data.Postgres;

/// <summary>Several processes share one server and its connections, so none takes as many as the driver would let it.</summary>
public sealed class ConnectionBoundTests
{
    [Theory]
    [InlineData("", 40)]
    [InlineData(";Maximum Pool Size=7", 7)]
    [InlineData(";maxpoolsize=90", 90)]
    public void ConnectionString_BoundOfTheOperator_IsTaken(string given, int expected)
    {
        using var folder = new TempFolder();
        using var database = TestDatabase.Open(TestDatabase.SettingsOf(DatabaseProvider.Postgres, "Host=nowhere.invalid;Database=governance" + given, folder.Path));
        Assert.Equal(expected, new NpgsqlConnectionStringBuilder(database.ConnectionString).MaxPoolSize);
    }
}
