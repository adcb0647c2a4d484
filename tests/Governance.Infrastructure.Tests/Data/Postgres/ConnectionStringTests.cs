using Governance.Infrastructure.Data;
using Governance.Testing.Data;
using Npgsql;

namespace Governance.Infrastructure.Tests.Data.Postgres;

public sealed class ConnectionStringTests
{
    /// <summary>Several processes share one server and its connections, so none takes as many as the driver would let it.</summary>
    [Theory]
    [InlineData("", 40)]
    [InlineData(";Maximum Pool Size=7", 7)]
    [InlineData(";maxpoolsize=90", 90)]
    public void ConnectionString_BoundOfTheOperator_IsTaken(string given, int expected) => Assert.Equal(expected, Fitted(given).MaxPoolSize);

    /// <summary>Questions read few rows of large tables: starting a worker takes longer than reading them.</summary>
    [Theory]
    [InlineData("", "-c max_parallel_workers_per_gather=0")]
    [InlineData(";Options=-c jit=off", "-c jit=off")]
    public void ConnectionString_OptionsOfTheOperator_AreTaken(string given, string expected) => Assert.Equal(expected, Fitted(given).Options);

    private static NpgsqlConnectionStringBuilder Fitted(string given)
    {
        using var folder = new TempFolder();
        using var database = TestDatabase.Open(TestDatabase.SettingsOf(DatabaseProvider.Postgres, "Host=nowhere.invalid;Database=governance" + given, folder.Path));
        return new NpgsqlConnectionStringBuilder(database.ConnectionString);
    }
}
