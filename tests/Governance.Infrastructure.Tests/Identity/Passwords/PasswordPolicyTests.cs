using Governance.Domain.Identity.Passwords;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Passwords;
using Governance.Testing.Data;
using Governance.Testing.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Tests.Identity.Passwords;

public sealed class PasswordPolicyTests : ProductTest
{
    private const string Password = "correct horse battery";

    private static readonly PasswordOwner Owner = new("Northwind", "Ann", "ann@example.org", HasSecondFactor: false);

    [Fact]
    public void Check_PasswordOfTheBreachList_IsRefused()
    {
        // SHA-1 of "correct horse battery" and a neighbour on either side.
        using var folder = new TempFolder();
        var path = folder.PathOf("breaches.txt");
#pragma warning disable CA5350
        var hash = Convert.ToHexString(System.Security.Cryptography.SHA1.HashData("correct horse battery"u8));
#pragma warning restore CA5350
        File.WriteAllLines(path, ["0000000000000000000000000000000000000000:9", $"{hash}:3", "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF:1"]);
        var policy = new PasswordPolicy(Options.Create(new PasswordsOptions { BreachList = path }));

        Assert.Contains("data breach", policy.Check(Password, Owner)?.Message, StringComparison.Ordinal);
        Assert.Null(policy.Check(Password + " staple", Owner));
        Assert.Null(Get<PasswordPolicy>().Check(Password, Owner));
    }

    [Theory]
    [InlineData("no such file", "cannot be read")]
    [InlineData("governance.db", "does not begin with")]
    public async Task Options_BreachListThatIsNone_StopTheStart(string file, string message)
    {
        await using var database = await TestDatabase.CreateAsync();
        await File.AppendAllTextAsync(Path.Combine(database.Folder, "governance.db"), "");
        await using var process = new ProductProcess(
            database, settings: new Dictionary<string, string?> { ["Passwords:BreachList"] = Path.Combine(database.Folder, file) });

        var failure = Assert.Throws<OptionsValidationException>(() => process.Get<IStartupValidator>().Validate());
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validators_OfTheFramework_FollowThePolicyAndNothingElse()
    {
        var ann = await Tenant.AddPersonAsync(Process.Services, "ann@example.org", Password);
        await using var scope = Process.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Person>>();
        var validator = Assert.Single(users.PasswordValidators);

        Assert.True((await validator.ValidateAsync(users, ann, "all lower case and no digit")).Succeeded);
        Assert.Contains("at least 15", Assert.Single((await validator.ValidateAsync(users, ann, "Sh0rt!")).Errors).Description, StringComparison.Ordinal);
        var ownWord = await validator.ValidateAsync(users, ann, $"{Tenant.Organization.Name} 9999");
        Assert.Contains("does not count", Assert.Single(ownWord.Errors).Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChangePasswordAsync_OfTheFramework_HashesWithArgon2()
    {
        var ann = await Tenant.AddPersonAsync(Process.Services, "ann@example.org", Password);
        await using var scope = Process.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Person>>();
        var found = (await users.FindByIdAsync(ann.Id.ToString()))!;

        Assert.True((await users.ChangePasswordAsync(found, Password, "another horse battery")).Succeeded);
        Assert.StartsWith("$argon2id$", Assert.Single(await RowsAsync<Person>()).PasswordHash, StringComparison.Ordinal);
    }
}
