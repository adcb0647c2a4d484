using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Limits;

namespace Governance.Domain.Tests.Proxy.Limits;

public sealed class TokenReservationTests
{
    [Theory]
    [InlineData(null, 1, 10 + TokenReservation.DefaultOutput)]
    [InlineData(50L, 1, 60)]
    [InlineData(50L, 100, 5_010)]
    [InlineData(long.MaxValue, 1, TokenReservation.Most)]
    [InlineData(long.MaxValue, long.MaxValue, TokenReservation.Most)]
    public void Of_Call_CountsEachAnswerAndNeverOverflows(long? longest, long answers, long expected)
    {
        var chat = Providers.OpenAi.Find("POST", "/chat/completions")!.Api;
        Assert.Equal(expected, TokenReservation.Of(10, chat, new CallRequest("gpt-5") { MaxOutputTokens = longest, Answers = answers }));
    }
}
