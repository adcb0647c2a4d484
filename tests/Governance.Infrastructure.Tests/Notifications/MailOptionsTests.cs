using Governance.Infrastructure.Notifications;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Tests.Notifications;

public sealed class MailOptionsTests
{
    private const string Good = "Mail:Host=smtp.example.org;Mail:From=Governance <governance@example.org>;Site:Url=https://governance.example.org";

    [Theory]
    [InlineData("")]
    [InlineData("Site:Url=http://governance.example.org:8080/")]
    [InlineData(Good)]
    [InlineData(Good + ";Mail:Security=None;Mail:ReplyTo=help@example.org")]
    [InlineData(Good + ";Mail:User=relay;Mail:Password=secret")]
    public void Validate_SoundConfiguration_IsTaken(string settings) => Assert.Empty(Failures(settings));

    [Theory]
    [InlineData("Site:Url=governance.example.org", "Site:Url")]
    [InlineData("Site:Url=ftp://governance.example.org", "Site:Url")]
    [InlineData("Site:Url=https://governance.example.org/app", "Site:Url")]
    [InlineData("Site:Url=https://ada@governance.example.org", "Site:Url")]
    [InlineData("Site:Url=https://governance.example.org?x=1", "Site:Url")]
    [InlineData("Mail:User=relay;Mail:Password=secret", "Mail:Host")]
    [InlineData("Mail:From=nobody", "Mail:From")]
    [InlineData(Good + ";Mail:Host=smtp://smtp.example.org", "Mail:Host")]
    [InlineData(Good + ";Mail:From=nobody", "Mail:From")]
    [InlineData(Good + ";Mail:ReplyTo=nobody", "Mail:ReplyTo")]
    [InlineData(Good + ";Mail:User=relay", "Mail:Password")]
    [InlineData(Good + ";Mail:Password=secret", "Mail:User")]
    [InlineData(Good + ";Mail:Security=None;Mail:User=relay;Mail:Password=secret", "Mail:Security")]
    [InlineData(Good + ";Mail:Port=0", "Port")]
    [InlineData(Good + ";Mail:TimeoutSeconds=600", "TimeoutSeconds")]
    [InlineData(Good + ";Mail:Folder=", "Folder")]
    [InlineData("Mail:Host=smtp.example.org;Mail:From=governance@example.org", "Site:Url")]
    public void Validate_WrongConfiguration_NamesTheKeyToChange(string settings, string key) =>
        Assert.Contains(key, Assert.Single(Failures(settings)), StringComparison.Ordinal);

    [Fact]
    public void Validate_SeveralMistakes_NamesThemAllAndNoPassword()
    {
        var failures = Failures("Mail:Host=smtp.example.org;Mail:Password=the-secret;Mail:Security=None");
        Assert.Equal(4, failures.Count);
        Assert.DoesNotContain(failures, failure => failure.Contains("the-secret", StringComparison.Ordinal));
    }

    private static List<string> Failures(string settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings
            .Split(';', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
            .GroupBy(pair => pair[0]).Select(pairs => KeyValuePair.Create(pairs.Key, (string?)pairs.Last()[1]))).Build();
        using var services = new ServiceCollection().AddLogging().AddNotifications(configuration).BuildServiceProvider();
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
    }
}
