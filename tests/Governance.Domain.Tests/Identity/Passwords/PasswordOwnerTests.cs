using Governance.Domain.Identity.Passwords;

namespace Governance.Domain.Tests.Identity.Passwords;

public sealed class PasswordOwnerTests
{
    [Fact]
    public void GuessableWords_EverythingKnown_IsSplitIntoWordsOfThreeCharactersOrMore()
    {
        var owner = new PasswordOwner("O2 Nord-Süd GmbH", "Jo van der Meer", "jo.meer+tools@nord.example.org", HasSecondFactor: false);

        Assert.Equal(
            ["der", "example", "gmbh", "governance", "meer", "nord", "süd", "tools", "van"],
            owner.GuessableWords().Select(word => word.ToLowerInvariant()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void GuessableWords_LongestFirst_SoThatNoneHidesInAnother()
    {
        var lengths = new PasswordOwner("Rain Rainbow", "Bow", "x@y.z", HasSecondFactor: false).GuessableWords().Select(word => word.Length).ToList();

        Assert.Equal(lengths.OrderDescending(), lengths);
    }
}
